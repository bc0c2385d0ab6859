import { expect, test } from 'vitest';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult } from '../../src/result/build.js';
import { exitCodeOf } from '../../src/result/exitCode.js';
import type { RunResult, Validity } from '../../src/result/types.js';
import { emptyFacts, START_US } from './runs.js';

interface Ended {
  readonly opened?: number;
  readonly events?: readonly string[];
  readonly status?: Validity['status'];
  readonly passed?: boolean;
}

const base = buildResult(emptyFacts(new Accumulator(START_US, 1)));

function ended({ opened = 1, events = [], status = 'valid', passed = true }: Ended): RunResult {
  return {
    ...base,
    connections: { ...base.connections, opened },
    events: events.map((kind) => ({ atMs: 0, kind, detail: '' })),
    run: { ...base.run, validity: { status, reasons: [], fromMs: null } },
    thresholds: [
      { expression: 'a', observed: 0, unit: 'count', passed: true },
      { expression: 'b', observed: 0, unit: 'count', passed },
    ],
  };
}

test.each<[code: number, what: string, Ended]>([
  [0, 'went well', { events: ['phase', 'worker-ready'] }],
  [99, 'failed a threshold', { passed: false }],
  [4, 'was limited by its generator', { status: 'generator-limited', passed: false }],
  [4, 'is not whole', { status: 'partial', passed: false }],
  [3, 'opened nothing', { opened: 0, status: 'partial', passed: false }],
  [3, 'lost its target', { events: ['target-exit'], status: 'partial', passed: false }],
  [
    130,
    'was interrupted',
    { events: ['interrupted', 'target-exit'], opened: 0, status: 'partial', passed: false },
  ],
])('%i for a run that %s, whatever else is wrong that comes later in the order', (code, _what, given) => {
  expect(exitCodeOf(ended(given), false)).toBe(code);
});

test('a saturated generator may be allowed: then the thresholds decide; a record that is not whole may not', () => {
  expect(exitCodeOf(ended({ status: 'generator-limited' }), true)).toBe(0);
  expect(exitCodeOf(ended({ status: 'generator-limited', passed: false }), true)).toBe(99);
  expect(exitCodeOf(ended({ status: 'partial' }), true)).toBe(4);
});
