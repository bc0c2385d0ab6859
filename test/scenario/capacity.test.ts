import { describe, expect, test } from 'vitest';
import { type Given, parse, problemsOf } from './texts.js';

/** A scenario with a server that wsherd starts, whose search can be set. */
function text({
  populations = '{ clients: { connections: 10, echo: { every: 1s, timeout: 5s } } }',
  target = '{ server: echo }',
  timeline = '[{ ramp: {} }, { hold: 2s }]',
  thresholds = '[]',
  capacity = '{ vary: connections, from: 100, to: 1000 }',
}: Partial<Record<'populations' | 'target' | 'timeline' | 'thresholds' | 'capacity', string>> = {}): string {
  return [
    'version: 1',
    `target: ${target}`,
    `populations: ${populations}`,
    `timeline: ${timeline}`,
    `thresholds: ${thresholds}`,
    `capacity: ${capacity}`,
  ].join('\n');
}

const problems = (given: Parameters<typeof text>[0], more: Given = {}) =>
  problemsOf(text(given), more).map((problem) => problem.replace(/^my\.yaml:\d+:\d+ /, ''));

test('a search has its defaults', () => {
  expect(parse(text()).capacity).toEqual({
    vary: 'connections',
    from: 100,
    to: 1000,
    precision: 0.01,
    tries: 3,
    needed: 2,
    settleUs: null,
    measureUs: null,
    coolDownUs: 1_000_000,
    target: 'fresh',
  });
  expect(parse(text({ target: '{ url: ws://127.0.0.1:1/ }' })).capacity).toMatchObject({
    target: 'kept',
    coolDownUs: 5_000_000,
  });
  expect(parse(text().replace(/capacity:.*/, '')).capacity).toBeNull();
});

test('every key can be given, and set', () => {
  const capacity =
    '{ vary: publish-rate, from: 10, to: 90, precision: 5%, tries: 5, settle: 1s, measure: 3s, coolDown: 0s, target: kept }';
  expect(parse(text({ capacity }), { set: ['capacity.needed=4'] }).capacity).toEqual({
    vary: 'publish-rate',
    from: 10,
    to: 90,
    precision: 0.05,
    tries: 5,
    needed: 4,
    settleUs: 1_000_000,
    measureUs: 3_000_000,
    coolDownUs: 0,
    target: 'kept',
  });
});

describe('what makes no sense says how to mend it', () => {
  test('ranges', () => {
    expect(problems({ capacity: '{ vary: connections, from: 10, to: 10 }' })).toEqual([
      'capacity.from: must be less than to, which is 10',
    ]);
    expect(problems({ capacity: '{ vary: connections, from: 0, to: 1.5 }' })).toEqual([
      'capacity.from: must be at least 1',
      'capacity.to: must be a whole number, such as 20000',
    ]);
    const populations = '{ many: { connections: 990 }, few: { connections: 10 } }';
    expect(problems({ populations, capacity: '{ vary: connections, from: 50, to: 99 }' })).toEqual([
      'capacity.from: must be at least 100: populations keep their shares, and few has 10 of 1000 connections',
    ]);
  });

  test('what is to grow and is not there', () => {
    const at = (vary: string) => ({ capacity: `{ vary: ${vary}, from: 1, to: 10 }` });
    const idle = '{ clients: { connections: 10 } }';
    expect(problems({ ...at('publish-rate'), populations: idle })).toEqual([
      'capacity.vary: no population publishes or sends echoes: write publish: { every: 1s } or echo: { every: 1s } in one',
    ]);
    const closed = '{ clients: { connections: 10, echo: { pace: answered } } }';
    expect(problems({ ...at('publish-rate'), populations: closed })).toEqual([
      'capacity.vary: echo with pace: answered is a closed loop, which has no rate of its own: write echo: { every: 1s }',
    ]);
    expect(problems(at('rooms'))).toEqual([
      'capacity.vary: no population joins rooms: write join: { rooms: 10 } in those that do',
    ]);
    expect(problems(at('users'))[0]).toMatch(/^capacity\.vary: "users" is not known/);
  });

  test('rates that no connection keeps to', () => {
    expect(problems({ capacity: '{ vary: publish-rate, from: 1, to: 200000 }' })).toEqual([
      'capacity.to: each connection of clients would echo every 50us, more than it can: share it among more connections, or a shorter timeout, or search less far',
    ]);
  });

  test('rooms that differ, or are too few', () => {
    const rooms = (first: number, second: string) =>
      `{ a: { connections: 8, join: { rooms: ${first} } }, b: { connections: 8, join: ${second}, publish: { every: 1s } } }`;
    const target = '{ server: rooms }';
    const capacity = '{ vary: rooms, from: 1, to: 10 }';
    expect(problems({ target, capacity, populations: rooms(4, '{ rooms: 8 }') })).toEqual([
      'capacity.vary: populations join different numbers of rooms: give all of them the same',
    ]);
    expect(problems({ target, capacity, populations: rooms(4, '{ rooms: 4, perConnection: 2 }') })).toEqual([
      'capacity.from: must be at least 2: so many rooms each connection joins',
    ]);
  });

  test('tries, targets and windows', () => {
    const more = (keys: string) => ({ capacity: `{ vary: connections, from: 10, to: 20, ${keys} }` });
    expect(problems(more('tries: 2, needed: 3'))).toEqual([
      'capacity.needed: is more than the 2 tries: write 2 or less, or more tries',
    ]);
    expect(problems({ ...more('target: fresh'), target: '{ url: ws://127.0.0.1:1/ }' })).toEqual([
      'capacity.target: a url runs already, and cannot be started for each try: write kept, or leave it out',
    ]);
    const timeline = '[{ ramp: {} }, { fault: { kind: kill-target, down: 1s } }, { recover: {} }]';
    const populations = '{ clients: { connections: 10, reconnect: { policy: fixed } } }';
    const killed = problems({ ...more('target: kept, measure: 5s'), timeline, populations });
    expect(killed).toEqual([
      'capacity.target: a target that is kept cannot be given the fault kill-target: write fresh, or leave it out',
      'capacity.measure: needs a hold in the timeline, such as - hold: 15s: that is where it is measured',
    ]);
    expect(problems(more('presicion: 1%'))).toEqual([
      'capacity.presicion: is not a known key, did you mean "precision"?',
    ]);
  });

  test('thresholds that can never fail', () => {
    const thresholds =
      '[closes.abnormal >= 0, echo.response p99 > 0us, echo.response p99 < 1s, connections.opened > 0]';
    expect(problems({ thresholds })).toEqual([
      'thresholds.0: closes.abnormal >= 0 can never fail, so the search would go to the end of its range: write what the server must keep to, such as closes.abnormal == 0, or take it out',
      'thresholds.1: echo.response p99 > 0us can never fail, so the search would go to the end of its range: write what the server must keep to, such as echo.response p99 < 250ms, or take it out',
    ]);
    // Without a search they are a question of taste.
    expect(problemsOf(text({ thresholds }).replace(/capacity:.*/, ''))).toEqual([]);
  });
});
