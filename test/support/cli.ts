import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { RESULT_FILE, readResult } from '../../dist/result/files.js';
import type { RunResult } from '../../dist/result/types.js';
import { processesWith } from './processes.js';
import { scratchFolder } from './scratch.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Marks a process and all that descend from it, whoever their parents are by now. */
const MARK = 'WSHERD_TEST_MARK';

/** The tests themselves may run where wsherd would tell a job what came of it. */
const NOWHERE = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITLAB_CI: '' };

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A line of shell that stands before the command, such as `ulimit -n 200`. */
  readonly before?: string;
  /** Folder of the run instead of a new one; only for `run`. */
  readonly folder?: string;
}

/** What came of one call of wsherd. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the run: what `--out` was. */
  readonly folder: string;
  /** The record in the folder; throws where there is none. */
  readonly result: RunResult;
}

export interface RunningCli {
  readonly pid: number;
  readonly folder: string;
  readonly finished: Promise<CliRun>;
  /** Resolves when stdout or stderr matches; rejects when wsherd has ended without that. */
  said(pattern: RegExp): Promise<string>;
  /** What a terminal does on Ctrl-C: SIGINT to the whole process group. */
  ctrlC(): void;
  /** Processes that wsherd has started, directly or not, and that still run; itself included. */
  processes(): readonly number[];
}

const children: ChildProcess[] = [];

// Not after each: tests of one file may run side by side.
afterAll(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Calls wsherd from dist/ and awaits its end. */
export function run(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return start(args, options).finished;
}

/** Calls wsherd in a process group of its own. `run` gets an `--out` and the answer that nobody looks at a terminal. */
export function start(args: readonly string[], options: CliOptions = {}): RunningCli {
  const folder = options.folder ?? join(scratchFolder(), 'run');
  const mark = randomUUID();
  const all = [MAIN, ...args, ...(args[0] === 'run' ? ['--out', folder] : [])];
  const env = { ...process.env, ...NOWHERE, ...options.env, [MARK]: mark };
  const settings = { cwd: options.cwd ?? process.cwd(), env, detached: true, stdio: 'pipe' } as const;
  const child =
    options.before === undefined
      ? spawn(process.execPath, all, settings)
      : spawn('sh', ['-c', `${options.before}; exec "$@"`, 'sh', process.execPath, ...all], settings);
  children.push(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('wsherd could not be started');

  const output = { stdout: '', stderr: '' };
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const finished = once(child, 'close').then(([code]) => ({
    code,
    ...output,
    folder,
    get result() {
      return readResult(join(folder, RESULT_FILE));
    },
  }));

  return {
    pid,
    folder,
    finished,
    said: (pattern) => whenSaid(child, () => output.stdout + output.stderr, pattern),
    ctrlC: () => process.kill(-pid, 'SIGINT'),
    processes: () => processesWith(`${MARK}=${mark}`),
  };
}

function whenSaid(child: ChildProcess, text: () => string, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(text());
      if (found) resolve(found[1] ?? found[0]);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => {
      look();
      reject(new Error(`wsherd ended without saying ${pattern}:\n${text()}`));
    });
    look();
  });
}
