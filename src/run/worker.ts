import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import type { WorkerTask } from './messages.js';
import { workShard } from './workShard.js';

/** The work of one worker thread, from the pool's point of view one task that lasts the whole run. */
export async function runShard({ task, port }: { task: WorkerTask; port: MessagePort }): Promise<void> {
  // The port stays open until the other end has read everything and closes it.
  const closed = once(port, 'close');
  await workShard(task, {
    tell: (message) => port.postMessage(message),
    listen: (onMessage) => port.on('message', onMessage),
  });
  await closed;
}
