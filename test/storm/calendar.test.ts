import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Calendar } from '../../src/storm/calendar.js';
import { newGroup } from '../../src/storm/group.js';
import { Line } from '../../src/storm/line.js';

const HORIZON_US = 60_000_000;

test('a calendar gives groups back by due time, whatever is added meanwhile', () => {
  const delays = (most: number) =>
    fc.array(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(delays(20_000_000), delays(100_000), (first, later) => {
      const calendar = new Calendar();
      const expected: Array<[dueUs: number, connection: number]> = [];
      const taken: Array<[dueUs: number, connection: number]> = [];
      const add = (connection: number, dueUs: number): void => {
        calendar.add({ ...newGroup(0, connection, 1), atUs: dueUs });
        expected.push([dueUs, connection]);
      };
      first.forEach((delayUs, i) => {
        add(i, delayUs);
      });
      const group = newGroup(0, 0, 0);
      for (let dueUs = calendar.dueUs(HORIZON_US); dueUs < HORIZON_US; dueUs = calendar.dueUs(HORIZON_US)) {
        calendar.take(group);
        taken.push([dueUs, group.connection]);
        const delayUs = later.pop();
        if (delayUs !== undefined) add(1000 + later.length, dueUs + delayUs);
      }
      const byTime = ([a, i]: [number, number], [b, j]: [number, number]): number => a - b || i - j;
      expect([...taken].sort(byTime)).toEqual(expected.sort(byTime));
      expect(taken.map(([dueUs]) => dueUs)).toEqual(expected.map(([dueUs]) => dueUs));
    }),
    { numRuns: 100 },
  );
});

test('thousands that are due at the same time are no trouble', () => {
  const calendar = new Calendar();
  const many = 5000;
  for (let i = many - 1; i >= 0; i--) calendar.add({ ...newGroup(0, i, 1), atUs: 1_000_000 });
  const group = newGroup(0, 0, 0);
  for (let i = 0; i < many; i++) {
    expect(calendar.dueUs(HORIZON_US)).toBe(1_000_000);
    calendar.take(group);
    expect(group.connection).toBe(i);
  }
  expect(calendar.dueUs(HORIZON_US)).toBe(Number.POSITIVE_INFINITY);
});

test('groups that are due at the same time come by herd, then by connection', () => {
  const calendar = new Calendar();
  const order = [
    [1, 0],
    [0, 7],
    [1, 3],
    [0, 2],
  ] as const;
  for (const [herd, connection] of order)
    calendar.add({ ...newGroup(herd, connection, 1), atUs: 10_000_000 });
  expect(calendar.dueUs(9_000_000)).toBe(Number.POSITIVE_INFINITY);
  const taken = order.map(() => {
    expect(calendar.dueUs(HORIZON_US)).toBe(10_000_000);
    const group = newGroup(0, 0, 0);
    calendar.take(group);
    return [group.herd, group.connection];
  });
  expect(taken).toEqual([
    [0, 2],
    [0, 7],
    [1, 0],
    [1, 3],
  ]);
});

test('a line keeps its order and all it knows of a group while it grows around its end', () => {
  const line = new Line();
  const group = newGroup(0, 0, 0);
  let added = 0;
  let taken = 0;
  const add = (): void => {
    line.add({ ...newGroup(2, added, 3), retries: 4, previousUs: 0.5 + added, atUs: 2 * added });
    added++;
  };
  const take = (): void => {
    expect(line.dueUs).toBe(2 * taken);
    line.take(group);
    expect(group).toEqual({
      herd: 2,
      connection: taken,
      count: 3,
      retries: 4,
      previousUs: 0.5 + taken,
      atUs: 2 * taken,
    });
    taken++;
  };
  for (let i = 0; i < 900; i++) add();
  for (let i = 0; i < 700; i++) take();
  for (let i = 0; i < 3000; i++) add();
  while (taken < added) take();
  expect(line.dueUs).toBe(Number.POSITIVE_INFINITY);
});
