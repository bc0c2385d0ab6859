import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nowUs } from '../../dist/clock.js';
import { TargetWatch } from '../../dist/target/watch.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { addressOf, lifecycleOf, startForTest } from './targets.js';

const echo: TargetSpec = { kind: 'server', server: 'echo', options: {}, instances: 1 };

test('a target that goes down and comes again is watched on, with its new process from its first moment', async () => {
  const { target } = await startForTest(echo);
  const { port } = addressOf(target);
  const startUs = nowUs();
  const watch = new TargetWatch(
    () => target.processes(),
    () => 0,
  );
  watch.start();
  const first = target.processes()[0]?.pid;
  const beforeUs = await watch.cpuUs();

  await lifecycleOf(target).end('SIGKILL', 0);
  const downUs = await watch.cpuUs();
  expect(downUs).toBeGreaterThanOrEqual(beforeUs);
  // A server that is down uses nothing.
  expect(await watch.cpuUs()).toBe(downUs);

  await lifecycleOf(target).startAgain();
  const second = target.processes()[0]?.pid;
  const upUs = await watch.cpuUs();
  await watch.stop();
  // Node and a server cannot be loaded in less.
  expect(upUs - downUs).toBeGreaterThanOrEqual(20_000);
  const record = watch.processRecord(startUs);
  expect(record.map(({ pid }) => pid)).toEqual([first, second]);
  for (const process of record) {
    expect(process).toMatchObject({ port, command: expect.stringContaining('servers/main.js echo') });
    expect(process.samples.length).toBeGreaterThan(0);
    expect(process.samples.every(({ cpuPercent }) => cpuPercent >= 0 && cpuPercent < 1000)).toBe(true);
  }
});

test('what a target uses is known to a fraction of a tick of 10 ms where the kernel tells', async () => {
  const { target } = await startForTest(echo);
  const watch = new TargetWatch(
    () => target.processes(),
    () => 0,
  );
  watch.start();
  let beforeUs = await watch.cpuUs();
  const used: number[] = [];
  for (let i = 0; i < 20; i++) {
    await fetch(new URL('/stats', target.url.href.replace('ws:', 'http:')));
    const nowUs = await watch.cpuUs();
    used.push(nowUs - beforeUs);
    beforeUs = nowUs;
  }
  await watch.stop();
  expect(used.every((us) => us >= 0 && us < 1_000_000)).toBe(true);
  expect(used.some((us) => us > 0)).toBe(true);
  const isInTicks = used.every((us) => us % 10_000 === 0);
  expect(isInTicks).toBe(!keepsAccount());
});

function keepsAccount(): boolean {
  const path = '/proc/self/schedstat';
  return existsSync(path) && !readFileSync(path, 'latin1').startsWith('0 ');
}
