/**
 * Process entry: starts a command in a process group of its own and ends the whole group when asked, or when
 * the process that forked this one is gone, even by SIGKILL: no child of a target is ever orphaned.
 *
 * argv[2] is the command as a JSON array. Talks over IPC: see `GuardianMessage`.
 */
import { spawn } from 'node:child_process';

export type GuardianMessage =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly how: string }
  | { readonly kind: 'exited'; readonly how: string };

const TERM_GRACE_MS = 3000;

const [program = '', ...args]: string[] = JSON.parse(process.argv[2] ?? '[]');
const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
let ending = false;

child.once('spawn', () => tell({ kind: 'started', pid: child.pid! }));
child.once('error', (error) => {
  tell({ kind: 'failed', how: error.message }, () => process.exit(0));
});
child.once('exit', (code, signal) => {
  // Its children may have outlived it.
  signalGroup('SIGKILL');
  tell({ kind: 'exited', how: signal === null ? `with code ${code}` : `by ${signal}` }, () =>
    process.exit(0),
  );
});
process.once('disconnect', endGroup);
// Who forked this process may be gone before it has come so far.
if (!process.connected) endGroup();
process.on('message', endGroup);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endGroup);

function endGroup(): void {
  if (ending) return;
  ending = true;
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), TERM_GRACE_MS);
}

function signalGroup(signal: NodeJS.Signals): void {
  if (child.pid === undefined) process.exit(1);
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

function tell(message: GuardianMessage, done: () => void = () => {}): void {
  if (process.connected) process.send?.(message, done);
  else done();
}
