import type { MessagePort } from 'node:worker_threads';
import type { CreateDialect } from '../dialects/dialect.js';
import { loadDialect } from '../dialects/list.js';
import { ShardLoad } from '../load/shardLoad.js';
import type { FromWorker, ToWorker, WorkerTask } from './messages.js';

/** The work of one worker thread, from the pool's point of view one task that lasts the whole run. */
export async function runShard({ task, port }: { task: WorkerTask; port: MessagePort }): Promise<void> {
  const dialects = await Promise.all(task.shard.populations.map(({ spec }) => loadDialect(spec.dialect)));
  await work(task, dialects, port);
}

function work(task: WorkerTask, dialects: readonly CreateDialect[], port: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    let load: ShardLoad | null = null;
    const tell = (message: FromWorker): void => port.postMessage(message);

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
          // The port stays open until the other end has read everything and closes it.
          port.once('close', resolve);
        },
      });
    }

    port.on('message', (message: ToWorker) => {
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
