import { describe, expect, test } from 'vitest';
import type { DeliveryPopulation } from '../../src/delivery/topology.js';
import { loadDialect } from '../../src/dialects/list.js';
import { MARKER_BYTES } from '../../src/dialects/marker.js';
import { createJoin, type JoinOptions } from '../../src/patterns/join.js';
import { accounts, START_US } from './rooms.js';
import { HandDrivenShard } from './shard.js';

const OPTIONS: JoinOptions = { rooms: 10, perConnection: 2, acknowledges: false };
const chat = await loadDialect({ kind: 'named', name: 'chat-b' });
const json = await loadDialect({ kind: 'named', name: 'json' });
const reliable = await loadDialect({ kind: 'named', name: 'reliable' });

function joining(
  dialect: typeof chat,
  options: Partial<JoinOptions> = {},
  spec: Partial<DeliveryPopulation> = { rooms: 10, perConnection: 2 },
) {
  const { population } = accounts({ connections: 12, ...spec });
  const shard = new HandDrivenShard(12, (context) => createJoin({ ...OPTIONS, ...options }, context), {
    delivery: population,
    startUs: START_US,
    dialect,
  });
  const said = (): unknown[] => shard.messages.splice(0).map(({ message }) => JSON.parse(message.toString()));
  return { shard, population, said };
}

const WELCOME = '{"type":"welcome","message":"hello","timestamp":1}';

describe('join', () => {
  test('a connection asks for its rooms when it is let in, and is there when the server has said so of all', () => {
    const { shard, population, said } = joining(chat);
    shard.open(9);
    expect(said()).toEqual([]);
    shard.receive(9, WELCOME);
    expect(said()).toEqual([
      { type: 'join', room: 'room-9' },
      { type: 'join', room: 'room-0' },
    ]);
    shard.receive(9, '{"type":"joined","room":"room-9"}');
    expect(population.isPresent(9)).toBe(false);
    expect(shard.admissions).toEqual([]);
    shard.receive(9, '{"type":"joined","room":"room-0"}');
    expect(population.isPresent(9)).toBe(true);
    expect(shard.admissions).toEqual([9]);
  });

  test('a join that the server refuses is a failure with the words of the server, and no membership', () => {
    const { shard, population } = joining(chat);
    shard.open(3);
    shard.receive(3, WELCOME);
    shard.receive(3, '{"type":"error","message":"the room is full"}');
    expect(shard.refusals).toEqual([
      { connection: 3, cause: 'join-refused', text: expect.stringContaining('the room is full') },
    ]);
    expect(population.isPresent(3)).toBe(false);
  });

  test('where the server does not confirm, the connection is there a second later, unless it is gone by then', () => {
    const { shard, population, said } = joining(json);
    shard.open(1);
    shard.open(2);
    expect(said()).toHaveLength(4);
    shard.run(500_000);
    shard.close(2);
    shard.run(100_000);
    shard.open(2);
    shard.run(450_000);
    expect([population.isPresent(1), population.isPresent(2)]).toEqual([true, false]);
    shard.run(600_000);
    expect(population.isPresent(2)).toBe(true);
  });

  test('without rooms there is nothing to ask for', () => {
    const { shard, population, said } = joining(json, { rooms: null, perConnection: 1 }, { rooms: null });
    shard.open(0);
    expect(said()).toEqual([]);
    expect(population.isPresent(0)).toBe(true);
    shard.close(0);
    expect(population.isPresent(0)).toBe(false);
  });

  test('who is closed in good order leaves its rooms first', () => {
    const { shard, said } = joining(chat);
    shard.open(4);
    shard.receive(4, WELCOME);
    for (const room of ['room-4', 'room-5']) shard.receive(4, `{"type":"joined","room":"${room}"}`);
    said();
    shard.leave(4);
    expect(said()).toEqual([
      { type: 'leave', room: 'room-4' },
      { type: 'leave', room: 'room-5' },
    ]);
  });

  test('messages received are acknowledged by their ids where that is asked for', () => {
    const { shard, population, said } = joining(reliable, { acknowledges: true });
    shard.open(0);
    said();
    const payload = Buffer.alloc(MARKER_BYTES);
    population.stamp(payload, 0, 7, 0, 42, shard.now, shard.now);
    shard.receive(
      0,
      JSON.stringify({ id: '7-42', type: 'message', room: 'room-0', payload: payload.toString() }),
    );
    expect(said()).toEqual([{ id: '7-42', status: 'received' }]);
    expect(shard.counter('acknowledge.receipts')).toBe(1);
  });
});
