import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type { ReadyMessage, ServerMessage } from '../../src/servers/messages.js';

/** The built entry: a process cannot be started from TypeScript. */
export const entry = fileURLToPath(new URL('../../dist/servers/main.js', import.meta.url));

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Forked {
  readonly child: ChildProcess;
  readonly message: ServerMessage;
}

/** Forks the server as a run does and awaits its first message. */
export async function forkServer(
  name: string,
  options: object,
  env: NodeJS.ProcessEnv = {},
): Promise<Forked> {
  const stdio: ['ignore', 'ignore', 'ignore', 'ipc'] = ['ignore', 'ignore', 'ignore', 'ipc'];
  const child = fork(entry, [name, JSON.stringify(options)], { stdio, env: { ...process.env, ...env } });
  children.push(child);
  const [message] = await once(child, 'message');
  return { child, message };
}

export async function forkReady(name: string, options: object = {}, env: NodeJS.ProcessEnv = {}) {
  const { child, message } = await forkServer(name, options, env);
  return { child, ...ready(message) };
}

function ready(message: ServerMessage): ReadyMessage {
  if (message.kind !== 'ready') throw new Error(`the server is not ready: ${JSON.stringify(message)}`);
  return message;
}

/** Runs the server by hand, without anybody listening to it but the terminal. */
export function spawnServer(...args: string[]): ChildProcess {
  return spawnNode(entry, ...args);
}

export function spawnNode(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

/** The first line that a process prints. */
export async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('stdout is not piped');
  const [chunk] = await once(stdout, 'data');
  return String(chunk).trimEnd();
}

interface Exit {
  readonly code: number | null;
  readonly stderr: string;
}

export async function exitOf(child: ChildProcess): Promise<Exit> {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}

/** Whether anything listens on `port`. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const outcome = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return outcome;
}
