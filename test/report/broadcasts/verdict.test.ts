import { describe, expect, test } from 'vitest';
import { verdict } from '../../../src/report/verdict.js';
import type { RunResult } from '../../../src/result/types.js';
import * as cases from './cases.js';
import { broadcastRun } from './run.js';
import { LOBBY } from './shape.js';

function sentence(run: RunResult): string {
  return verdict(run).sentence;
}

function failing(run: RunResult, expression: string, observed: number, unit: string): string {
  return sentence({ ...run, thresholds: [{ expression, observed, unit, passed: false }] });
}

describe('the one sentence of a run that publishes', () => {
  test('says that each message reached everybody, when the last had it, and that none was lost', () => {
    expect(verdict(cases.lossless())).toEqual({
      outcome: 'passed',
      sentence: expect.stringMatching(
        /^Passed\. Each message reached all 2,000 members, the last after \d\d ms \(p99\); none of 1,000,000 deliveries was lost\.$/,
      ),
    });
  });

  test('counts the others of a room where publishers do not get their own messages', () => {
    expect(sentence(cases.severalRooms())).toMatch(/Each message reached all 49 other members of its room, /);
    const uneven = cases.severalRooms();
    const rooms = { count: 40, leastMembers: 3, mostMembers: 90 };
    const broadcast = uneven.broadcast && { ...uneven.broadcast, rooms };
    expect(sentence({ ...uneven, broadcast })).toMatch(/reached all other members of its room, /);
  });

  test('leads with the loss where there was one', () => {
    const lossy = { ...cases.lossy(), thresholds: [] };
    expect(sentence(lossy)).toMatch(
      /^Measured, with no threshold to pass\. 0\.9 % of 1,000,000 deliveries were lost; the last member had a message after \d\d ms \(p99\)\.$/,
    );
  });

  test('says what else went wrong where nothing was lost', () => {
    expect(sentence(broadcastRun({ ...LOBBY, duplicated: 0.002 }))).toMatch(
      /; none of 1,000,000 deliveries was lost, but 0\.2 % came twice\.$/,
    );
    expect(sentence(broadcastRun({ ...LOBBY, missed: 0.031 }))).toMatch(
      /^Passed\. The last member had a message after \d\d ms \(p99\); none of 1,000,000 deliveries was lost, but 3\.1 % fell into disconnections\.$/,
    );
  });

  test('says so when messages took longer than they are waited for', () => {
    const run = cases.lossless();
    const messages = { published: 500, complete: 488, incomplete: 12, unheard: 0 };
    expect(sentence({ ...run, broadcast: run.broadcast && { ...run.broadcast, messages } })).toMatch(
      /reached all 2,000 members, 12 of 500 messages after more than 10 s, the last after /,
    );
  });

  test('claims no more than a sample of the members can tell', () => {
    expect(sentence(cases.sampled())).toMatch(
      /none of 200,000 deliveries to a random sample of 400 of 2,000 members was lost\.$/,
    );
  });

  test('does not call it a success of delivery when nothing was published', () => {
    expect(sentence(cases.nothingPublished())).toBe('Passed. 2,000 connections held; nothing was published.');
  });

  test('gives no percentile that so few messages cannot carry', () => {
    expect(sentence(cases.rare())).toMatch(/the last after \d\d ms \(slowest of 5\); none of 10,000/);
  });
});

describe('slow readers', () => {
  test('are held against the others: what these got, what they lost, what it cost the server', () => {
    expect(sentence(cases.slowReaders())).toMatch(
      /^Passed\. Beside 20 slow readers the 980 others had a message within 11 ms \(p99\) and lost none of 980,000 deliveries; the server grew by 1\d\d MiB\.$/,
    );
  });

  test('cost the others nothing where these were as fast before', () => {
    expect(sentence(cases.slowLater())).toMatch(
      /^Passed\. The 20 slow readers cost the others nothing: p99 11 ms with them, 11 ms before; /,
    );
  });

  test('slowed the others down where these were faster before', () => {
    const run = cases.slowLater();
    const early = broadcastRun({ ...LOBBY, timing: { firstUs: 90, spreadUs: 900 } });
    const quick = early.phases[1]?.populations.listeners ?? {};
    const phases = run.phases.map((phase) =>
      phase.name === 'before' ? { ...phase, populations: { ...phase.populations, everyone: quick } } : phase,
    );
    expect(sentence({ ...run, phases })).toMatch(
      /The 20 slow readers slowed the others down: p99 11 ms with them, 1\.\d ms before; /,
    );
  });
});

describe('reliable delivery', () => {
  test('is nothing lost and nothing twice, across the fault, and what it took', () => {
    expect(sentence(cases.reliable())).toBe(
      'Passed. Nothing was lost and nothing came twice across the kill: 768,000 deliveries came once each, 312 messages were sent again.',
    );
  });

  test('is nothing twice to an application that drops what it has, though some came again on the wire', () => {
    expect(sentence(cases.atLeastOnce())).toBe(
      'Passed. Nothing was lost and nothing came twice to the application across the kill: of 768,000 deliveries 307 came again and can be dropped, 312 messages were sent again, 3 never acknowledged.',
    );
  });

  test('is not claimed where a copy came too late to be told from a first one', () => {
    const run = cases.atLeastOnce();
    const metrics = { ...run.metrics, 'broadcast.late': { kind: 'counter', value: 2 } as const };
    expect(sentence({ ...run, metrics })).toMatch(
      /^Passed\. None of 768,000 deliveries was lost across the kill, but 309 may have come twice; /,
    );
  });

  test('is not claimed where acknowledged messages never came', () => {
    const acknowledge = { resent: 5, queued: 0, unacknowledged: 0 };
    expect(sentence(broadcastRun({ ...LOBBY, missed: 0.04, acknowledge }))).toBe(
      'Passed. Of 1,000,000 deliveries 4.0 % fell into disconnections, though every message was acknowledged.',
    );
  });

  test('counts what the server sent again where publishers did not have to', () => {
    const acknowledge = { resent: 0, queued: 0, unacknowledged: 0 };
    const run = broadcastRun({ ...LOBBY, acknowledge });
    expect(sentence(run)).toMatch(/came once each, no message had to be sent again\.$/);
    const lossy = cases.lossy().target.counts;
    const counts = lossy?.delivery && { ...lossy, delivery: { ...lossy.delivery, resent: 41 } };
    expect(sentence({ ...run, target: { ...run.target, counts: counts ?? null } })).toMatch(
      /came once each, the server sent 41 copies again\.$/,
    );
  });
});

describe('a storm in which messages are published', () => {
  test('is about who came back, and then about what they missed', () => {
    expect(sentence(cases.missedInStorm())).toMatch(
      /^Passed\. After the kill 99 % of 2,000 connections were back after .*; none of 768,000 deliveries was lost, but 21 % fell into disconnections\.$/,
    );
  });
});

describe('a run that published and did not go well', () => {
  test.each([
    [
      'broadcast.lost == 0',
      9000,
      'count',
      'Failed: 0.9 % of 1,000,000 deliveries were lost; the limit is 0.',
    ],
    [
      'speakers/broadcast.lost == 0',
      90,
      'count',
      'Failed: 0.9 % of 10,000 deliveries to speakers were lost; the limit is 0.',
    ],
    [
      'broadcast.duplicated < 5 during hold',
      12,
      'count',
      'Failed: 12 deliveries came twice during hold; the limit is 5.',
    ],
    [
      'broadcast.lost / broadcast.expected < 0.1%',
      0.009,
      'ratio',
      'Failed: 0.9 % of the deliveries were lost; the limit is 0.1 %.',
    ],
    [
      'broadcast.last p99 < 250ms',
      412_000,
      'us',
      'Failed: the last member had a message after 412 ms (p99); the limit is 250 ms.',
    ],
    [
      'speakers/broadcast.delivery p99 < 50ms',
      61_000,
      'us',
      'Failed: deliveries to speakers came after 61 ms (p99); the limit is 50 ms.',
    ],
    [
      'acknowledge.unacknowledged == 0',
      7,
      'count',
      'Failed: 7 messages were never acknowledged; the limit is 0.',
    ],
  ])('%s in words', (expression, observed, unit, expected) => {
    expect(failing(cases.lossy(), expression, observed, unit)).toBe(expected);
  });

  test('of several thresholds the loss comes first, then delivery, then the rest', () => {
    const missed = (expression: string, observed: number, unit: string) => {
      return { expression, observed, unit, passed: false };
    };
    const thresholds = [
      missed('handshake.total p99 < 1ms', 4000, 'us'),
      missed('broadcast.last p99 < 10ms', 42_000, 'us'),
      missed('broadcast.lost == 0', 9000, 'count'),
    ];
    expect(sentence({ ...cases.lossy(), thresholds })).toMatch(
      /^Failed: 0\.9 % of .* 3 of 3 thresholds failed/,
    );
    expect(sentence({ ...cases.lossy(), thresholds: thresholds.slice(0, 2) })).toMatch(
      /^Failed: the last member/,
    );
  });

  test('a generator at its limit comes before anything that it measured', () => {
    expect(sentence(cases.broadcastLimited())).toMatch(
      /^Not valid: the generator, not the server, was the limit/,
    );
  });

  test('an interrupted run says what is known of delivery', () => {
    expect(sentence(cases.broadcastInterrupted())).toMatch(
      /^Interrupted at 00:18: until then 2,000 of 2,000 connections had opened; the last member had a message after /,
    );
  });
});
