import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { nowUs } from '../../dist/clock.js';
import { doFault } from '../../dist/faults/list.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { expectNoProcess, findOne, processesWith } from '../support/processes.js';
import { startForTest } from '../target/targets.js';
import { faulting } from './parts.js';

const echo: TargetSpec = { kind: 'server', server: 'echo', options: {}, instances: 1 };
const stayBehind = `sleep 987.5 & echo "left one behind"`;

const ours = (): number[] => processesWith(`WSHERD_TEST_TARGETS=${process.env.WSHERD_TEST_TARGETS}`);
const stayed: number[] = [];

afterEach(() => {
  for (const pid of stayed.splice(0)) process.kill(pid);
});

async function ready() {
  const { target, folder } = await startForTest(echo);
  const withoutTarget = (): number[] =>
    ours().filter((pid) => !target.processes().some((root) => root.pid === pid));
  const log = (): string => readFileSync(join(folder, 'target.log'), 'utf8');
  return { ...faulting(target, folder), withoutTarget, log };
}

function command(timeoutUs: number, ...run: string[]) {
  return { kind: 'command', run, timeoutUs } as const;
}

describe('the fault command', () => {
  test('runs a program to its end, without a shell, and keeps its output', async () => {
    const { parts, story, log } = await ready();
    const script = 'setTimeout(() => console.log(process.argv[1]), 300)';
    await doFault('command', command(20_000_000, process.execPath, '-e', script, '$HOME "*"'), parts);
    expect(nowUs()).toBeGreaterThan(parts.startUs + 300_000);
    expect(story).toEqual([expect.stringMatching(/^done: `.*` ended with code 0 after \d+\.\d\d s$/)]);
    expect(log()).toBe('$HOME "*"\n');
  });

  test('runs it in the working directory', async () => {
    const { parts, log } = await ready();
    await doFault('command', command(20_000_000, 'pwd'), parts);
    expect(log()).toBe(`${process.cwd()}\n`);
  });

  test.each([
    [['false'], /^failed: `false` ended with code 1 after /],
    [['sh', '-c', 'kill -9 $$'], /^failed: `sh -c kill -9 \$\$` ended by SIGKILL after /],
    [['no-such-program'], /^failed: `no-such-program` could not be started: .*ENOENT/],
  ])('%j fails', async (run, words) => {
    const { parts, story, withoutTarget } = await ready();
    await doFault('command', command(20_000_000, ...run), parts);
    expect(story).toEqual([expect.stringMatching(words)]);
    await expectNoProcess(withoutTarget);
  });

  test('kills what takes too long, with its children', async () => {
    const { parts, story, withoutTarget } = await ready();
    await doFault('command', command(500_000, 'sh', '-c', 'sleep 986 & sleep 986'), parts);
    expect(nowUs()).toBeGreaterThan(parts.startUs + 490_000);
    expect(story).toEqual([expect.stringMatching(/^failed: `.*` was killed after \d\.\d\d s$/)]);
    await expectNoProcess(withoutTarget);
  });

  test('leaves alone what the program has started and left running: it may be the server', async () => {
    const { parts, story, withoutTarget } = await ready();
    await doFault('command', command(20_000_000, 'sh', '-c', stayBehind), parts);
    expect(story).toEqual([expect.stringMatching(/^done: /)]);
    await sleep(300);
    stayed.push(findOne(withoutTarget(), /^sleep 987\.5$/));
  });

  test('does not hold up a run that ends', async () => {
    const { parts, story, leave, withoutTarget } = await ready();
    const fault = doFault('command', command(600_000_000, 'sleep', '985'), parts);
    await expect.poll(withoutTarget, { timeout: 10_000 }).toHaveLength(2);
    leave();
    await fault;
    expect(story).toEqual([expect.stringMatching(/^failed: .* was killed .*, because the run ended$/)]);
    await expectNoProcess(withoutTarget);
  });
});
