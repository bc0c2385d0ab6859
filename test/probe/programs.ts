/** Programs that carry the probe, and what they have said when they are over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { scratchFile } from '../support/scratch.js';

const PROBE = new URL('../../dist/probe/probe.js', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly over: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

const programs: Program[] = [];

afterEach(async () => {
  for (const { child } of programs) child.kill('SIGKILL');
  await Promise.all(programs.splice(0).map(({ over }) => over));
});

/**
 * @param name Its ending says whether it is CommonJS or ESM.
 * @param probePath The value of WSHERD_PROBE; null for none at all.
 */
export function startProgram(
  name: `${string}.${'cjs' | 'mjs'}`,
  source: string,
  probePath: string | null,
  probe = PROBE,
): Program {
  const { WSHERD_PROBE: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', probe, scratchFile(name, source)], {
    cwd: ROOT,
    env: probePath === null ? env : { ...env, WSHERD_PROBE: probePath },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error('node could not be started');
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const over = once(child, 'close').then(([code]) => ({ code, ...said }));
  const program = { pid: child.pid, child, over };
  programs.push(program);
  return program;
}
