import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { NO_INSIGHT } from '../../dist/target/insight.js';
import { MemoryReader } from '../../dist/target/memoryReader.js';

test('three readings that are alike are the median of five already', async () => {
  let readings = 0;
  const reader = new MemoryReader(
    await stillProcess(),
    () => {
      readings++;
      return 7;
    },
    NO_INSIGHT,
  );
  const reading = await reader.plateau();
  expect(readings).toBe(3);
  expect(reading?.open).toBe(7);
  expect(reading?.rssBytes).toBeGreaterThan(0);
});

test('while connections come it takes all five', async () => {
  let readings = 0;
  const reader = new MemoryReader(await stillProcess(), () => readings++, NO_INSIGHT);
  expect((await reader.plateau())?.open).toBe(2);
  expect(readings).toBe(5);
});

/** It has answered once, so that it is loaded, and waits for more. */
async function stillProcess(): Promise<() => readonly number[]> {
  const child = spawn('cat');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.stdin.write('ready');
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error('no process of cat');
  return () => [pid];
}
