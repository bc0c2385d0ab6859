import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { type RunningTarget, type StartOptions, startTarget } from '../../dist/target/target.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { expectNoProcess, processesWith } from '../support/processes.js';
import { scratchFolder } from '../support/scratch.js';

const MARK = 'WSHERD_TEST_TARGETS';

/** A target as a run starts it, with what a test wants to know of it. */
export interface Started {
  readonly target: RunningTarget;
  /** Where its output goes. */
  readonly folder: string;
  /** How it ended, each time that nobody had asked for it. */
  readonly exits: readonly string[];
}

const started: Started[] = [];
let processes = (): number[] => [];

/** After each test every process has ended, and nothing but the log is left in the folder. */
afterEach(async () => {
  await Promise.all(started.map(({ target }) => target.stop()));
  for (const { folder } of started.splice(0)) expect(readdirSync(folder)).toEqual(['target.log']);
  await expectNoProcess(() => processes());
});

export async function startForTest(spec: TargetSpec, options: Partial<StartOptions> = {}): Promise<Started> {
  const mark = `${process.pid}-${Math.random()}`;
  process.env[MARK] = mark;
  processes = () => processesWith(`${MARK}=${mark}`);
  const folder = scratchFolder();
  const exits: string[] = [];
  const target = await startTarget(spec, {
    logFile: join(folder, 'target.log'),
    waitUs: 0,
    measuresMemory: false,
    keepsLedger: true,
    allowTargets: [],
    onExit: (how) => exits.push(how),
    ...options,
  });
  const one = { target, folder, exits };
  started.push(one);
  return one;
}

/** Fails the test where a target cannot be ended. */
export function lifecycleOf({ lifecycle }: RunningTarget) {
  if (lifecycle === null) throw new Error('the target has no lifecycle');
  return lifecycle;
}

/** Where clients of `test/servers/running.ts` connect to. */
export function addressOf({ url, ca }: RunningTarget) {
  const scheme = url.protocol === 'wss:' ? ('wss' as const) : ('ws' as const);
  return { port: Number(url.port), scheme, ca };
}
