import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeartbeat } from '../../src/patterns/heartbeat.js';
import type { Pattern, PatternContext } from '../../src/patterns/pattern.js';
import { Purpose } from '../../src/patterns/pattern.js';
import { PeriodicSchedule } from '../../src/patterns/periodic.js';
import { randomAt } from '../../src/plan/random.js';
import { HandDrivenShard } from './shard.js';

const EVERY_US = 10_000;

/** A pattern that is nothing but its schedule. */
function bare(offset: 'uniform' | 'aligned') {
  return (context: PatternContext): Pattern => {
    const schedule = new PeriodicSchedule(context, EVERY_US, { offset }, { offset: Purpose.echoOffset });
    schedule.start(context.startUs);
    return {
      onReady: (connection, nowUs) => schedule.join(connection, nowUs),
      onDue: (connection, k, dueUs) => schedule.advance(connection, k, dueUs),
      onEvent() {},
      onClose() {},
      onPhase() {},
      stop: () => schedule.stop(),
      finish() {},
      awaited: 0,
    };
  };
}

const offsetUs = (connection: number): number =>
  Math.floor(randomAt(1, 2, connection, Purpose.echoOffset, 0) * EVERY_US);

test('due(k) = start + offset + k * period, from the first due time on that has not passed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('uniform' as const, 'aligned' as const),
      fc.nat({ max: 100_000 }),
      fc.array(fc.nat({ max: 40_000 }), { maxLength: 6 }),
      (offset, joinedAfterUs, stalls) => {
        const shard = new HandDrivenShard(1, bare(offset));
        const startUs = shard.now;
        shard.run(joinedAfterUs);
        shard.open(0);
        for (const us of stalls) {
          shard.stall(us);
          shard.run(us);
        }
        const originUs = startUs + (offset === 'aligned' ? 0 : offsetUs(0));
        const [first] = shard.scheduled;
        expect(first!.dueUs).toBeGreaterThanOrEqual(startUs + joinedAfterUs);
        expect(first!.dueUs - startUs - joinedAfterUs).toBeLessThan(first!.k === 0 ? 2 * EVERY_US : EVERY_US);
        for (const [i, { k, dueUs }] of shard.scheduled.entries()) {
          expect(k).toBe(first!.k + i);
          expect(dueUs).toBe(originUs + k * EVERY_US);
        }
      },
    ),
  );
});

test('uniform offsets spread the connections over their period, aligned ones do not', () => {
  const uniform = new HandDrivenShard(1000, bare('uniform'));
  const aligned = new HandDrivenShard(1000, bare('aligned'));
  for (let connection = 0; connection < 1000; connection++) {
    uniform.open(connection);
    aligned.open(connection);
  }
  const quarters = [0, 0, 0, 0];
  for (const { dueUs } of uniform.scheduled) quarters[Math.floor(((dueUs % EVERY_US) * 4) / EVERY_US)]!++;
  for (const count of quarters) expect(count).toBeGreaterThan(190);
  expect(new Set(aligned.scheduled.map(({ dueUs }) => dueUs)).size).toBe(1);
});

test('a connection that was down is on its old schedule when it comes back, not on a second one', () => {
  const shard = new HandDrivenShard(1, bare('aligned'));
  shard.open(0);
  shard.run(25_000);
  shard.close(0);
  shard.run(17_000);
  shard.open(0);
  shard.run(58_000);
  expect(shard.scheduled.map(({ k }) => k)).toEqual([...Array(12).keys()]);
});

test('a stopped schedule takes up nobody and goes on with nobody', () => {
  const shard = new HandDrivenShard(2, bare('aligned'));
  shard.open(0);
  shard.pattern.stop(shard.now);
  shard.open(1);
  shard.run(100_000);
  expect(shard.scheduled).toHaveLength(1);
});

test('heartbeats of one connection draw another offset than its echoes', () => {
  const heartbeats = new HandDrivenShard(1, (context) =>
    createHeartbeat(
      { by: 'ping', everyUs: EVERY_US, timeoutUs: 1, offset: 'uniform', onTimeout: 'count' },
      context,
    ),
  );
  heartbeats.open(0);
  expect(heartbeats.scheduled[0]!.dueUs - 1_000_000).not.toBe(offsetUs(0));
});
