import { expect, test } from 'vitest';
import { kernelBytesOf } from '../../src/capacity/kernelMemory.js';

const PHASES = [
  { kind: 'ramp', startMs: 500, endMs: 3000 },
  { kind: 'hold', startMs: 3000, endMs: 6000 },
  { kind: 'hold', startMs: 6000, endMs: 9000 },
  { kind: 'drain', startMs: 9000, endMs: 9500 },
] as const;

const reading = (atMs: number, socketBytes: number, slabBytes = 1000) => ({
  atMs,
  socketBytes,
  slabBytes,
  listenOverflows: 0,
});

test('kernel memory is the growth from before the ramp to the end of the hold that has most', () => {
  const kernel = [
    reading(-200, 5),
    reading(400, 10),
    reading(2000, 9000),
    reading(3500, 500, 1300),
    reading(5900, 700, 1300),
    reading(8800, 600, 1300),
    reading(9200, 50_000),
  ];
  expect(kernelBytesOf(PHASES, kernel)).toBe(2000 - 1010);
});

test('without an earlier reading it counts from the first, without one in a hold it is not known', () => {
  expect(kernelBytesOf(PHASES, [reading(600, 10), reading(4000, 4)])).toBe(-6);
  expect(kernelBytesOf(PHASES, [reading(0, 10), reading(9200, 40)])).toBeNull();
  expect(kernelBytesOf(PHASES, [])).toBeNull();
});
