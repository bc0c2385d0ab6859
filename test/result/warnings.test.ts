import { expect, test } from 'vitest';
import { Accumulator } from '../../src/result/accumulator.js';
import { buildResult, type RunFacts } from '../../src/result/build.js';
import type { Warning } from '../../src/result/types.js';
import { scenario } from '../plan/scenarios.js';
import { samples, second } from './parts.js';
import { emptyFacts, START_US } from './runs.js';

type Facts = Partial<Omit<RunFacts, 'target'>> & { readonly target?: Partial<RunFacts['target']> };

function warnings(given: Facts, ...snapshots: Parameters<Accumulator['add']>[0][]): readonly Warning[] {
  const accumulator = new Accumulator(START_US, 1);
  for (const snapshot of snapshots) accumulator.add(snapshot);
  accumulator.finish();
  const facts = emptyFacts(accumulator);
  return buildResult({ ...facts, ...given, target: { ...facts.target, ...given.target } }).warnings;
}

const codes = (...given: Parameters<typeof warnings>): string[] => warnings(...given).map(({ code }) => code);

const connects = (...us: number[]) => second(0, { histograms: { 'all/handshake.tcp': samples(1, ...us) } });

test('a run without oddities has no warnings', () => {
  expect(codes({}, connects(500, 900_000, 1_600_000, 2_500_000))).toEqual([]);
});

test('connects that took as long as a lost first packet are told, with how many', () => {
  const [warning] = warnings({}, connects(500, 1_010_000, 3_100_000, 7_200_000));
  expect(warning).toMatchObject({ code: 'syn-retransmission' });
  expect(warning!.message).toMatch(/^3 of 4 /);
});

test('a full accept queue is told by the kernel too', () => {
  const kernel = [{ atMs: 0, socketBytes: 0, slabBytes: 0, listenOverflows: 7 }];
  expect(warnings({ target: { kernel } })).toMatchObject([{ code: 'listen-overflows' }]);
});

test('a metrics page that could not be read is told once, from when on', () => {
  const lost = (atMs: number) => ({
    atMs,
    kind: 'metrics-lost',
    detail: 'target.metrics cannot be read: it answers 500',
  });
  const [warning, ...others] = warnings({
    events: [lost(4000), { ...lost(5000), kind: 'metrics-back' }, lost(9000)],
  });
  expect(warning).toMatchObject({ code: 'metrics-lost' });
  expect(warning?.message).toContain(
    'for the first time after 4 s: target.metrics cannot be read: it answers 500.',
  );
  expect(others).toEqual([]);
});

test('books that differ are told with the first line', () => {
  const none = { closesByCode: {}, refused: {}, messagesIn: 0, messagesOut: 0 };
  const counts = { ...none, opened: 5, closed: 0, pingsIn: 0, pingsOut: 0, pongsIn: 0, pongsOut: 0 };
  const [warning, ...more] = warnings({ target: { counts, instances: [{ counts, killed: false }] } });
  expect(more).toEqual([]);
  expect(warning!.message).toContain('connections opened: 5 against 0');
});

test('attempts that failed on this machine are not blamed on the server', () => {
  const failure = {
    population: 'all',
    stage: 'local',
    cause: 'too-many-files',
    example: '',
    count: 9,
    bin: 0,
  } as const;
  const [warning] = warnings({}, second(0, { failures: [failure, { ...failure, cause: 'local-abort' }] }));
  expect(warning).toMatchObject({ code: 'local-limits' });
  expect(warning!.message).toContain('9 attempts');
});

test('skipped messages and a closed loop are told', () => {
  expect(codes({}, second(0, { counters: { 'all/echo.skipped': 3 } }))).toEqual(['skipped']);
  const document = { populations: { all: { echo: { pace: 'answered' } } } };
  expect(codes({ scenario: scenario({ document }) })).toEqual(['closed-loop']);
});
