import { expect, test } from 'vitest';
import { describePlan } from '../../src/cli/planText.js';
import type { PatternSpec } from '../../src/patterns/list.js';
import { plannedCurve } from '../../src/plan/curve.js';
import { planRun } from '../../src/plan/plan.js';
import type { PopulationSpec } from '../../src/scenario/scenario.js';
import {
  joining,
  machine,
  population,
  publishing,
  readingSlowly,
  scenario,
  threads,
} from '../plan/scenarios.js';

/** The lines of `check` from the first of its section to the last. */
function section(title: string, populations: readonly PopulationSpec[], workers = 1): string[] {
  const given = scenario({ populations });
  const text = describePlan(
    given,
    planRun(given, machine(), threads(workers)),
    plannedCurve(given),
    machine(),
  );
  const lines = text.split('\n');
  const first = lines.indexOf(title);
  return first < 0 ? [] : lines.slice(first + 1, lines.indexOf('', first)).map((line) => line.trimEnd());
}

const of = (...patterns: readonly PatternSpec[]) => ({ patterns });

test('check shows that everybody talking to everybody is a square', () => {
  expect(section('Broadcast', [population('lobby', 400, of(joining(null), publishing()))], 2)).toEqual([
    '  rooms        1 of 400 members',
    '  publishing   lobby: 400 connections that each publish 1/s make 400 messages and 160,000 deliveries a second, 39 MiB of payload',
    '  ledger       160,000 pairs of publisher and member; every delivery is accounted for',
  ]);
});

test('check sums up what several populations publish, and names who reads slowly', () => {
  const lines = section('Broadcast', [
    population('listeners', 1005, of(joining(10))),
    population('speakers', 20, of(joining(10), publishing({ ownCopy: 'excluded' }))),
    population('host', 1, of(joining(10), publishing({ everyUs: 10_000_000 }))),
    population('slow', 10, of(joining(10), readingSlowly)),
  ]);
  expect(lines).toEqual([
    '  rooms        10 of 103 to 105 members; 10 of 1,036 connections read slowly',
    '  publishing   speakers: 20 connections that each publish 1/s make 20 messages and 2,052 deliveries a second, 513 KiB of payload',
    '               host: 1 connection that publishes 0.1/s makes 0.1 messages and 11 deliveries a second, 2.6 KiB of payload',
    '  in all       20 messages and 2,063 deliveries a second, 516 KiB of payload',
    '  ledger       2,177 pairs of publisher and member; every delivery is accounted for',
  ]);
});

test('check warns of more deliveries than the workers can receive, and says that it is a rule of thumb', () => {
  const square = [population('lobby', 400, of(joining(null), publishing()))];
  const warnings = (workers: number) =>
    section('Broadcast', square, workers).filter((line) => /warnings/.test(line));
  expect(warnings(1)).toEqual([
    '  warnings     160,000 deliveries a second are more than 1 worker can receive; about 80,000 a second each is a rule of thumb: publish less often or to smaller rooms, or give more workers a core each',
  ]);
  expect(warnings(2)).toEqual([]);
});

test('check warns of who publishes to nobody, and of rooms that nobody publishes to', () => {
  const lines = section('Broadcast', [
    population('listeners', 100, of(joining(10))),
    population('speaker', 1, of(joining(null), publishing())),
  ]);
  expect(lines.slice(3)).toEqual([
    '  warnings     speaker: 1 of 1 connection publishes to nobody but itself',
    '               nobody publishes to 10 of 11 rooms: their members get nothing',
  ]);
});

test('check says that a ledger is a sample, and of how many', () => {
  const [, , ledger] = section(
    'Broadcast',
    [population('lobby', 10_000, of(joining(null), publishing()))],
    8,
  );
  expect(ledger).toBe(
    '  ledger       100,000,000 pairs of publisher and member; a random sample of 22 % of the members is accounted for, which 256 MiB hold',
  );
});

test('a population without rooms to join is said to receive, and a run without publishers has no such section', () => {
  const populations = [
    population('listeners', 5, of(joining(null))),
    population('a', 5, of(joining(3), publishing())),
  ];
  expect(section('Populations', populations)).toEqual([
    '  listeners: 5 connections, receive; dialect echo, engine fast',
    '  a: 5 connections, join, publish; dialect echo, engine fast',
  ]);
  expect(section('Broadcast', [population('idle', 5)])).toEqual([]);
});
