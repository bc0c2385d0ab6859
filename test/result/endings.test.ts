import { expect, test } from 'vitest';
import type { CloseCause, CloseInitiator } from '../../src/client/types.js';
import type { CloseDelta, FailureDelta } from '../../src/metrics/snapshot.js';
import { Endings, isAbnormal } from '../../src/result/endings.js';
import { second } from './parts.js';

const close = (given: Partial<CloseDelta> = {}): CloseDelta => ({
  population: 'all',
  initiator: 'network',
  code: null,
  cause: 'fin',
  example: '',
  count: 1,
  bin: 0,
  ...given,
});

const failure = (given: Partial<FailureDelta> = {}): FailureDelta => ({
  population: 'all',
  stage: 'tcp',
  cause: 'refused',
  example: '',
  count: 1,
  bin: 0,
  ...given,
});

test('the most open at once are those opened less those closed, by population and over all', () => {
  const endings = new Endings();
  endings.add(
    second(0, {
      bins: { a: [0, 10, 10, 5, 3, 3], b: [5, 4, 4] },
      closes: [close({ population: 'a', count: 6, bin: 3 })],
    }),
  );
  endings.add(second(1, { closes: [close({ population: 'a', count: 7, bin: 12 })] }));
  expect(endings.peakOpen('a')).toBe(10);
  expect(endings.peakOpen('b')).toBe(4);
  expect(endings.peakOpen(null)).toBe(11);
  expect(endings.peakOpen('nobody')).toBe(0);
  expect(endings.open).toBe(4);
});

test('what opens and closes within a tenth of a second was open', () => {
  const endings = new Endings();
  endings.add(second(0, { bins: { all: [2, 1, 1] }, closes: [close({ bin: 2 })] }));
  expect(endings.peakOpen('all')).toBe(1);
});

test('closes of a kind are one line per phase and population, with the example of the first', () => {
  const endings = new Endings();
  endings.add(second(1, { closes: [close({ bin: 10, count: 2, example: 'later' })] }));
  endings.add(second(0, { closes: [close({ bin: 3, example: 'first' })] }));
  endings.add(second(2, { phase: 'drain', closes: [close({ bin: 20, count: 5 })] }));
  endings.add(second(3, { phase: 'drain', closes: [close({ bin: 30, population: 'b' })] }));
  const lines = endings
    .closeCounts([])
    .map(({ phase, population, count, example }) => [phase, population, count, example]);
  expect(lines).toEqual([
    ['hold', 'all', 3, 'first'],
    ['drain', 'all', 5, ''],
    ['drain', 'b', 1, ''],
  ]);
});

test('failures of a kind are one line per phase and population', () => {
  const endings = new Endings();
  endings.add(second(0, { failures: [failure({ count: 2 }), failure({ cause: 'timeout' })] }));
  endings.add(second(1, { failures: [failure({ bin: 11, population: 'b' }), failure({ bin: 10 })] }));
  expect(endings.failureCounts().map(({ population, cause, count }) => [population, cause, count])).toEqual([
    ['all', 'refused', 3],
    ['all', 'timeout', 1],
    ['b', 'refused', 1],
  ]);
});

test('while the target is down, a broken connection is the target ending; a close frame or our own doing is not', () => {
  const endings = new Endings();
  const own = { initiator: 'client', cause: 'local-close', code: 1000 } as const;
  endings.add(
    second(0, {
      closes: [
        close({ bin: 19 }),
        close({ bin: 20, count: 10 }),
        close({ bin: 25, count: 100, cause: 'reset' }),
        close({ bin: 25, initiator: 'server', cause: 'close-frame', code: 1001 }),
        close({ bin: 25, ...own }),
        close({ bin: 25, initiator: 'client', cause: 'heartbeat-timeout' }),
        close({ bin: 31, count: 1000 }),
      ],
    }),
  );
  const lines = endings
    .closeCounts([{ fromUs: 2_000_000, untilUs: 3_050_000 }])
    .map(({ initiator, cause, count }) => `${initiator} ${cause} ${count}`);
  expect(lines.sort()).toEqual([
    'client heartbeat-timeout 1',
    'client local-close 1',
    'network fin 1001',
    'server close-frame 1',
    'server target-exit 110',
  ]);
});

test('attempts, opens and failures are counted in tenths of a second, in lists of one length', () => {
  const endings = new Endings();
  endings.add(second(0, { bins: { a: [0, 2, 1], b: [3, 1, 1] }, failures: [failure({ bin: 5, count: 2 })] }));
  expect(endings.attemptBins()).toEqual({
    binMs: 100,
    attempts: [2, 0, 0, 1, 0, 0],
    opens: [1, 0, 0, 1, 0, 0],
    failures: { 'tcp:refused': [0, 0, 0, 0, 0, 2] },
  });
});

test.each<[abnormal: boolean, CloseInitiator, CloseCause, number | null]>([
  [false, 'client', 'local-close', 1000],
  [false, 'client', 'close-frame', 1000],
  [false, 'server', 'close-frame', 1000],
  [false, 'server', 'close-frame', 1001],
  [true, 'server', 'close-frame', 1011],
  [true, 'server', 'close-frame', null],
  [true, 'network', 'fin', null],
  [true, 'network', 'reset', null],
  [true, 'server', 'target-exit', null],
  [true, 'client', 'heartbeat-timeout', null],
  [true, 'client', 'protocol-error', 1002],
])('abnormal is %s for: %s %s %s', (abnormal, _initiator, cause, code) => {
  expect(isAbnormal({ cause, code })).toBe(abnormal);
});
