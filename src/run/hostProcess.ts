/**
 * Process entry: one worker on the main thread of a process of its own. Loads nothing that the load does not need: with
 * dozens of these on one machine every module counts. Talks over IPC: takes a `WorkerTask`, then `ToWorker`s, tells
 * `FromHostProcess`, and ends when it has told everything, or when who forked it is gone.
 */
import { once } from 'node:events';
import type { FromHostProcess, WorkerTask } from './messages.js';
import { workShard } from './workShard.js';

process.once('disconnect', () => process.exit());
// Ctrl-C reaches the whole process group: who forked this process decides what it means.
process.on('SIGINT', () => {});

process.once('uncaughtException', (error) => {
  tell({ kind: 'crashed', why: error.message }, () => process.exit(1));
});

const [task]: WorkerTask[] = await once(process, 'message');
if (task === undefined) throw new Error('a host was given no task');
await workShard(task, {
  tell,
  listen: (onMessage) => process.on('message', onMessage),
});

function tell(message: FromHostProcess, done?: () => void): void {
  process.send?.(message, undefined, undefined, done);
}
