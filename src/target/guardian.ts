/**
 * Process entry: starts a command in a process group of its own and ends the whole group when asked, or when
 * the process that forked this one is gone, even by SIGKILL: no child of a target is ever orphaned.
 *
 * argv[2] is a `GuardianTask` as JSON. Talks over IPC: takes a `GuardianOrder`, tells `GuardianMessage`s.
 */
import { spawn } from 'node:child_process';
import { nowUs } from '../clock.js';
import { hasMembers } from './procfs.js';

export interface GuardianTask {
  readonly command: readonly string[];
  /** Added to that of wsherd, for the command alone. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the command leaves running when it ends by itself goes on. */
  readonly childrenStay: boolean;
}

/** End the group: SIGKILL follows SIGTERM after `graceUs`. */
export interface GuardianOrder {
  readonly signal: 'SIGTERM' | 'SIGKILL';
  readonly graceUs: number;
}

export type GuardianMessage =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly how: string }
  /** With all its children, unless they stay. `code` is null after a signal. */
  | { readonly kind: 'exited'; readonly how: string; readonly code: number | null };

/** Without an order. */
const GENTLY: GuardianOrder = { signal: 'SIGTERM', graceUs: 3_000_000 };
/** What SIGKILL takes to end what it is sent to. */
const KILL_US = 1_000_000;
const GONE_POLL_MS = 20;

const task: GuardianTask = JSON.parse(process.argv[2] ?? '');
const [program = '', ...args] = task.command;
const env = { ...process.env, ...task.environment };
const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
/** When what is left of the group is killed; never, unless it is to end. */
let killAtUs = Number.POSITIVE_INFINITY;

child.once('spawn', () => tell({ kind: 'started', pid: child.pid! }));
child.once('error', (error) => {
  tell({ kind: 'failed', how: error.message }, () => process.exit(0));
});
child.once('exit', async (code, signal) => {
  const endAsked = killAtUs < Number.POSITIVE_INFINITY;
  // Its children may outlive it: then they have the rest of the time that they were all given.
  if (!endAsked && !task.childrenStay) killAtUs = nowUs();
  if (endAsked || !task.childrenStay) await endOfGroup();
  tell({ kind: 'exited', how: signal === null ? `with code ${code}` : `by ${signal}`, code }, () =>
    process.exit(0),
  );
});
process.once('disconnect', () => endGroup(GENTLY));
// Who forked this process may be gone before it has come so far.
if (!process.connected) endGroup(GENTLY);
process.on('message', endGroup);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => endGroup(GENTLY));

function endGroup({ signal, graceUs }: GuardianOrder): void {
  killAtUs = Math.min(killAtUs, nowUs() + graceUs);
  signalGroup(signal);
  setTimeout(() => signalGroup('SIGKILL'), graceUs / 1000);
}

function signalGroup(signal: NodeJS.Signals): void {
  if (child.pid === undefined) process.exit(1);
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** Resolves when nobody is left in the group; who is when the time has come is killed. */
async function endOfGroup(): Promise<void> {
  const group = child.pid ?? 0;
  while (nowUs() < killAtUs + KILL_US && (await hasMembers(group))) {
    if (nowUs() >= killAtUs) signalGroup('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
  }
  // Where there is no /proc to tell, somebody may be left.
  signalGroup('SIGKILL');
}

function tell(message: GuardianMessage, done: () => void = () => {}): void {
  if (process.connected) process.send?.(message, done);
  else done();
}
