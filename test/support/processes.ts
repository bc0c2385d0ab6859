import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { expect, vi } from 'vitest';

/** Processes whose environment has an entry, from /proc; those that have ended and are not yet reaped have none. */
export function processesWith(entry: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readProc(pid, 'environ').split('\0').includes(entry))
    .map(Number);
}

/** The command line of a process, blanks between its words. */
function commandOf(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
}

function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Passes when all of them have ended in time; a loaded machine may take a while. */
export async function expectNoProcess(processes: () => readonly number[], timeoutMs = 10_000): Promise<void> {
  const left = (): string[] => processes().map((pid) => `${pid} ${commandOf(pid)}`);
  await vi.waitFor(() => expect(left()).toEqual([]), { timeout: timeoutMs, interval: 50 });
}

/** Those among these processes whose command line matches. */
export function findAll(processes: readonly number[], command: RegExp): number[] {
  return processes.filter((pid) => command.test(commandOf(pid)));
}

/** The one process among these whose command line matches; throws when there is none or more than one. */
export function findOne(processes: readonly number[], command: RegExp): number {
  const matching = findAll(processes, command);
  const [pid] = matching;
  if (pid === undefined || matching.length > 1) {
    throw new Error(`${matching.length} processes match ${command}: ${processes.map(commandOf).join(' | ')}`);
  }
  return pid;
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const outcome = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return outcome;
}
