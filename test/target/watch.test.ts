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
