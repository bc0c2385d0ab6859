import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { run } from '../support/cli.js';
import { counter, expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { scenarioFile } from '../support/scratch.js';

interface Sort {
  readonly engine: 'fast' | 'ws';
  readonly workers: number;
  readonly deflate: boolean;
}

const everySort: readonly Sort[] = [
  { engine: 'fast', workers: 1, deflate: false },
  { engine: 'fast', workers: 3, deflate: true },
  { engine: 'ws', workers: 3, deflate: false },
  { engine: 'ws', workers: 1, deflate: true },
];

async function broadcast(document: object, { engine, workers, deflate }: Sort): Promise<RunResult> {
  const file = scenarioFile({
    timeline: [{ ramp: {} }, { hold: '1500ms' }, { drain: '3s' }],
    ...document,
    version: 1,
    connect: { engine, compression: deflate ? 'on' : 'off' },
  });
  const { result, stderr } = await run(['run', file, '--workers', `${workers}`, '--allow-saturated']);
  expect(result, stderr).toBeDefined();
  expectIdentities(result);
  expectBalancedBooks(result);
  return result;
}

const deliveries = ({ metrics }: RunResult) => ({
  owed: counter(metrics, 'broadcast.expected'),
  received: counter(metrics, 'broadcast.received'),
  lost: counter(metrics, 'broadcast.lost'),
  duplicated: counter(metrics, 'broadcast.duplicated'),
  outOfOrder: counter(metrics, 'broadcast.outOfOrder'),
  foreign: counter(metrics, 'broadcast.foreign'),
  missed: counter(metrics, 'broadcast.missedWhileDisconnected'),
});

function target(server: string, sort: Sort, options: object = {}): object {
  return { server, options: { perMessageDeflate: sort.deflate, ...options } };
}

// Side by side, those that take longest first.
test.concurrent('who leaves and comes back is owed nothing for the time between', async () => {
  const result = await broadcast(
    {
      target: { server: 'rooms' },
      populations: {
        fickle: { connections: 20, join: { rooms: 2 }, lifetime: { mean: '1500ms' } },
        speakers: { connections: 2, join: { rooms: 2 }, publish: { every: '25ms' } },
      },
      timeline: [{ ramp: {} }, { hold: '5s' }, { drain: '3s' }],
    },
    { engine: 'fast', workers: 2, deflate: false },
  );
  expect(result.connections.reconnected).toBeGreaterThan(10);
  const { lost, missed, received } = deliveries(result);
  expect(lost).toBe(0);
  expect(missed).toBeGreaterThan(0);
  expect(received).toBe(result.target.counts!.delivery!.delivered);
});

describe.concurrent.each(everySort)('engine $engine, $workers workers, deflate $deflate', (sort) => {
  test('the ledger counts exactly what a server lost, doubled and reordered, and nothing else', async () => {
    const populations = {
      listeners: { connections: 40, join: { rooms: 4 } },
      // One in each room: what is reordered is then reordered for its publisher.
      speakers: { connections: 4, join: { rooms: 4 }, publish: { every: '20ms', size: '200B' } },
    };
    const [hostile, honest, corrupting] = await Promise.all([
      broadcast(
        {
          target: target('rooms', sort, { inject: { lose: '2%', duplicate: '3%', reorder: '4%' } }),
          populations,
        },
        sort,
      ),
      broadcast({ target: target('rooms', sort), populations }, sort),
      broadcast(
        { target: target('rooms', sort, { inject: { truncate: '2%', corrupt: '3%' } }), populations },
        sort,
      ),
    ]);
    const counts = hostile.target.counts!.delivery!;
    expect(counts.lost).toBeGreaterThan(20);
    expect(counts.reordered).toBeGreaterThan(20);
    expect(deliveries(hostile)).toEqual({
      owed: counts.published * 10,
      received: counts.delivered,
      lost: counts.lost,
      duplicated: counts.duplicated,
      outOfOrder: counts.reordered,
      foreign: 0,
      missed: 0,
    });
    const { published } = honest.target.counts!.delivery!;
    expect(published).toBe(counter(honest.metrics, 'broadcast.published'));
    expect(deliveries(honest)).toEqual({
      owed: published * 10,
      received: published * 10,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      foreign: 0,
      missed: 0,
    });
    const spoiled = corrupting.target.counts!.delivery!;
    expect(spoiled.truncated + spoiled.corrupted).toBeGreaterThan(20);
    expect(deliveries(corrupting)).toMatchObject({
      foreign: spoiled.truncated + spoiled.corrupted,
      lost: spoiled.truncated + spoiled.corrupted,
      duplicated: 0,
      outOfOrder: 0,
    });
    expect(counter(corrupting.metrics, 'broadcast.damaged')).toBe(spoiled.truncated + spoiled.corrupted);
  });

  test('in a room of everybody the publishers are owed their own messages, if the server sends them', async () => {
    const populations = {
      everybody: { connections: 24, publish: { every: '400ms', size: '64B' } },
    };
    const naive = await broadcast({ target: target('broadcast', sort), populations }, sort);
    const published = counter(naive.metrics, 'broadcast.published');
    expect(deliveries(naive)).toMatchObject({ owed: published * 24, received: published * 24, lost: 0 });
    expect(counter(naive.metrics, 'broadcast.ownCopies')).toBe(published);
    expect(naive.broadcast).toMatchObject({
      ownCopies: true,
      messages: { published, complete: published, incomplete: 0, unheard: 0 },
    });
  });
});

test.concurrent('a join that the server refuses is a failure of stage dialect, in the words of the server', async () => {
  const result = await broadcast(
    {
      target: { server: 'rooms', options: { roomSize: 5 } },
      populations: {
        listeners: { connections: 8, join: { rooms: 1 } },
        speakers: { connections: 1, publish: { every: '100ms', to: { room: 0 } }, join: { rooms: 1 } },
      },
    },
    { engine: 'fast', workers: 1, deflate: false },
  );
  const refused = result.failures.filter(({ stage }) => stage === 'dialect');
  expect(refused.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  expect(refused.every(({ cause }) => cause === 'join-refused')).toBe(true);
  expect(refused[0]?.example).toMatch(/full/);
  // No attempt has failed: the connections are open.
  expect(result.connections).toMatchObject({ opened: 9, failed: 0, openAtEnd: 9 });
  expect(deliveries(result)).toMatchObject({ lost: 0 });
});

// Alone: on a busy machine nobody is quick.
test('what a server drops for slow readers is what they lost, and nobody else lost anything', async () => {
  const result = await broadcast(
    {
      target: { server: 'rooms', options: { slow: { policy: 'drop-slow', above: '1MiB' } } },
      populations: {
        quick: { connections: 10, join: { rooms: 1 } },
        slow: { connections: 2, join: { rooms: 1 }, read: { bandwidth: '100KB/s' } },
        speakers: { connections: 1, join: { rooms: 1 }, publish: { every: '10ms', size: '128KiB' } },
      },
      timeline: [{ ramp: {} }, { hold: '3s' }, { drain: '8s' }],
    },
    { engine: 'fast', workers: 1, deflate: false },
  );
  const { droppedSlow } = result.target.counts!.delivery!;
  expect(droppedSlow).toBeGreaterThan(20);
  const lostBy = (name: string) => counter(result.populations[name]!.metrics, 'broadcast.lost');
  expect({ slow: lostBy('slow'), quick: lostBy('quick') }).toEqual({ slow: droppedSlow, quick: 0 });
});
