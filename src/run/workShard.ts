import type { CreateDialect } from '../dialects/dialect.js';
import { loadDialect } from '../dialects/list.js';
import { ShardLoad } from '../load/shardLoad.js';
import type { FromWorker, ToWorker, WorkerTask } from './messages.js';

/** The way between a worker and who told it what to do. */
export interface WorkerChannel {
  tell(message: FromWorker): void;
  listen(onMessage: (message: ToWorker) => void): void;
}

/** The work of one worker. Resolves when every connection has ended and everything is told. */
export async function workShard(task: WorkerTask, channel: WorkerChannel): Promise<void> {
  const dialects = await Promise.all(task.shard.populations.map(({ spec }) => loadDialect(spec.dialect)));
  await work(task, dialects, channel);
}

function work(
  task: WorkerTask,
  dialects: readonly CreateDialect[],
  { tell, listen }: WorkerChannel,
): Promise<void> {
  return new Promise((resolve) => {
    let load: ShardLoad | null = null;

    function start(startUs: number): ShardLoad {
      return new ShardLoad(task.shard, task.targets, dialects, task.source, startUs, {
        onUnaccounted: () => tell({ kind: 'unaccounted' }),
        onPublished: (published) => tell({ kind: 'published', published }),
        onSnapshot: (snapshot) => tell({ kind: 'snapshot', snapshot }),
        onEntered: (phase) => tell({ kind: 'entered', phase }),
        onSettled: () => tell({ kind: 'settled' }),
        onDrained() {
          load?.stop();
          tell({ kind: 'drained' });
          resolve();
        },
      });
    }

    listen((message) => {
      switch (message.kind) {
        case 'start':
          load = start(message.startUs);
          break;
        case 'phase':
          load?.enter(message.phase, message.name, message.atUs);
          break;
        case 'arrive':
          load?.arrive(message.fromShare, message.toShare, message.atUs);
          break;
        case 'disconnect':
          load?.disconnect(message.share);
          break;
        case 'drain':
          load?.drain(message.untilUs);
          break;
        case 'published':
          load?.learn(message.published);
          break;
        case 'abort':
          load?.abort();
          break;
      }
    });
    tell({ kind: 'ready' });
  });
}
