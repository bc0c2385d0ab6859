import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { CreateHost } from './host.js';
import type { FromWorker, ToWorker } from './messages.js';

/**
 * Three semi-spaces of 4 MiB. Left alone, V8 lets them grow to 16 MiB each while connections are opened, which costs
 * more memory than thousands of connections do; the hot path leaves so little garbage that it needs no more.
 */
const YOUNG_GENERATION_MIB = 12;

/**
 * Runs each shard in a worker thread, as one task that lasts the whole run. The only importer of piscina.
 *
 * `atomics` is off because a pool that waits on them freezes the event loop of a worker whose task has ended.
 * Workers are stopped by message: a task that piscina aborts takes its results with it.
 */
export const createThreadHost: CreateHost = (tasks, listener) => {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
    name: 'runShard',
    minThreads: tasks.length,
    maxThreads: tasks.length,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    atomics: 'disabled',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  let ending = false;

  const ports: MessagePort[] = tasks.map((task, worker) => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (message: FromWorker) => listener.onMessage(worker, message));
    pool.run({ task, port: port2 }, { transferList: [port2] }).catch((error: unknown) => {
      if (!ending) listener.onDied(worker, error instanceof Error ? error.message : String(error));
    });
    return port1;
  });

  return {
    pids: tasks.map(() => process.pid),
    send(worker: number, message: ToWorker) {
      ports[worker]!.postMessage(message);
    },
    async end() {
      ending = true;
      for (const port of ports) port.close();
      await pool.destroy();
    },
  };
};
