import { describe, expect, test } from 'vitest';
import type { RunningServer } from '../../src/servers/reference.js';
import { endOf, patiently, serve, statsOf } from './running.js';
import { join, settled, type Talker, talk } from './talking.js';

const soon = { resendAfterUs: 200_000, announce: false };

/** Longer than `soon`, so that whatever is to be sent again has been. */
const afterResends = () => new Promise((resolve) => setTimeout(resolve, 500));

const publish = (talker: Talker, id: string) =>
  talker.send({ id, type: 'message', room: 'room', payload: `payload of ${id}` });

const acknowledge = (talker: Talker, id: string) => talker.send({ id, status: 'received' });

/** Ids of the messages that came, in order. */
const messagesTo = (talker: Talker) =>
  talker.said().flatMap(({ type, id }) => (type === 'message' ? [String(id)] : []));

const acknowledgementsTo = (talker: Talker) =>
  talker.said().flatMap(({ status, id }) => (status === 'received' ? [String(id)] : []));

async function member(server: RunningServer, name: string): Promise<Talker> {
  const talker = await talk(server, `/?client=${name}`);
  await join(talker, 'room');
  return talker;
}

describe('the server reliable', () => {
  test('acknowledges a message, and passes it on to the others in the room', async () => {
    const server = await serve('reliable', soon);
    const [speaker, listener] = [await member(server, 'a'), await member(server, 'b')];
    publish(speaker, '1');
    await expect.poll(() => acknowledgementsTo(speaker), patiently).toEqual(['1']);
    await expect.poll(() => messagesTo(listener), patiently).toHaveLength(1);
    expect(listener.said().at(-1)).toEqual({
      id: '1',
      type: 'message',
      room: 'room',
      payload: 'payload of 1',
    });
    acknowledge(listener, '1');
    await afterResends();
    expect(messagesTo(listener)).toEqual(['1']);
    expect(messagesTo(speaker)).toEqual([]);
    expect(server.ledger.delivery).toMatchObject({ published: 1, delivered: 1, resent: 0, repeated: 0 });
    expect(await statsOf(server)).toMatchObject({ unacknowledged: 0 });
  });

  test('passes a repeated message on once, and acknowledges it again', async () => {
    const server = await serve('reliable', soon);
    const [speaker, listener] = [await member(server, 'a'), await member(server, 'b')];
    for (const id of ['1', '1', '2', '1']) publish(speaker, id);
    await expect.poll(() => acknowledgementsTo(speaker), patiently).toEqual(['1', '1', '2', '1']);
    await settled(listener);
    expect(messagesTo(listener)).toEqual(['1', '2']);
    expect(server.ledger.delivery).toMatchObject({ published: 2, repeated: 2, delivered: 2 });
  });

  test('sends what is not acknowledged again and again, and stops when it is', async () => {
    const server = await serve('reliable', soon);
    const [speaker, listener] = [await member(server, 'a'), await member(server, 'b')];
    publish(speaker, '1');
    publish(speaker, '2');
    await expect.poll(() => messagesTo(listener), patiently).toContain('2');
    acknowledge(listener, '2');
    await expect.poll(() => messagesTo(listener).length, patiently).toBeGreaterThan(3);
    acknowledge(listener, '1');
    await settled(listener);
    const { delivered, resent } = server.ledger.delivery;
    expect(messagesTo(listener).filter((id) => id === '2')).toHaveLength(1);
    expect(messagesTo(listener)).toHaveLength(delivered);
    expect(resent).toBe(delivered - 2);
    await afterResends();
    expect(server.ledger.delivery.delivered).toBe(delivered);
  });

  test('gives a member that comes back what it has missed, in order, and no more', async () => {
    const server = await serve('reliable', { announce: false });
    const [speaker, before] = [await member(server, 'a'), await member(server, 'b')];
    publish(speaker, 'acknowledged');
    publish(speaker, 'not acknowledged');
    await expect.poll(() => messagesTo(before), patiently).toHaveLength(2);
    acknowledge(before, 'acknowledged');
    await settled(before);
    before.client.terminate();
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    for (const id of ['missed 1', 'missed 2']) publish(speaker, id);
    await settled(speaker);
    expect(await statsOf(server)).toMatchObject({ unacknowledged: 3 });

    const after = await talk(server, '/?client=b');
    await expect
      .poll(() => messagesTo(after), patiently)
      .toEqual(['not acknowledged', 'missed 1', 'missed 2']);
    publish(speaker, 'new');
    await expect.poll(() => messagesTo(after), patiently).toHaveLength(4);
    // Only the first of them was ever sent before.
    expect(server.ledger.delivery).toMatchObject({ published: 5, resent: 1, delivered: 6 });
  });

  test('sends no more often to a member that came back many times', async () => {
    const server = await serve('reliable', soon);
    const speaker = await member(server, 'a');
    let listener = await member(server, 'b');
    publish(speaker, '1');
    for (let i = 0; i < 5; i++) {
      await expect.poll(() => messagesTo(listener), patiently).toContain('1');
      listener.client.terminate();
      listener = await talk(server, '/?client=b');
    }
    const cameBackAt = performance.now();
    const { resent } = server.ledger.delivery;
    const resentNow = () => server.ledger.delivery.resent;
    await expect.poll(resentNow, { ...patiently, interval: 5 }).toBeGreaterThanOrEqual(resent + 3);
    expect(performance.now() - cameBackAt).toBeGreaterThan(550);
  });

  test('takes what a sender repeats after it came back for received already', async () => {
    const server = await serve('reliable', soon);
    const [before, listener] = [await member(server, 'a'), await member(server, 'b')];
    publish(before, '1');
    before.client.terminate();
    const after = await member(server, 'a');
    publish(after, '1');
    await expect.poll(() => acknowledgementsTo(after), patiently).toEqual(['1']);
    await expect.poll(() => messagesTo(listener), patiently).toContain('1');
    acknowledge(listener, '1');
    await settled(listener);
    const { published, repeated } = server.ledger.delivery;
    // The first one may have been lost with its connection.
    expect([published, repeated]).toSatisfy(([p, r]) => p === 1 && r <= 1);
  });

  test('delivers everything through losses, duplicates, and a disconnection', async () => {
    const inject = { lose: 0.3, duplicate: 0.1, truncate: 0.1, corrupt: 0.05 };
    const server = await serve('reliable', { ...soon, inject });
    const speaker = await member(server, 'a');
    const ids = Array.from({ length: 60 }, (_, i) => String(i));
    const got = new Set<string>();
    /** A member that acknowledges all that it can read. */
    const listen = async () => {
      const listener = await member(server, 'b');
      const acknowledgeAll = () => {
        for (const id of messagesTo(listener)) {
          got.add(id);
          acknowledge(listener, id);
        }
      };
      listener.client.on('message', acknowledgeAll);
      acknowledgeAll();
      return listener;
    };
    const first = await listen();
    for (const id of ids.slice(0, 20)) publish(speaker, id);
    await settled(speaker);
    first.client.terminate();
    for (const id of ids.slice(20, 40)) publish(speaker, id);
    await settled(speaker);
    await listen();
    for (const id of ids.slice(40)) publish(speaker, id);
    await expect.poll(() => got.size, patiently).toBeGreaterThanOrEqual(60);
    expect(ids.every((id) => got.has(id))).toBe(true);
    const { delivered, lost, resent, duplicated } = server.ledger.delivery;
    expect(Math.min(lost, resent, duplicated)).toBeGreaterThan(0);
    expect(delivered).toBe(ids.length + resent + duplicated - lost);
  });

  test('lets a client replace its connection of before, of which it may know more than the server', async () => {
    const server = await serve('reliable', soon);
    const [speaker, before] = [await member(server, 'a'), await member(server, 'b')];
    const end = endOf(before.client);
    const after = await talk(server, '/?client=b');
    expect(await end).toEqual({ code: 4001, reason: 'connected again' });
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    publish(speaker, '1');
    await expect.poll(() => messagesTo(after), patiently).toContain('1');
  });

  test('forgets a client without a name when it goes', async () => {
    const server = await serve('reliable', soon);
    const [speaker, nameless] = [await member(server, 'a'), await talk(server)];
    await join(nameless, 'room');
    nameless.client.close();
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    publish(speaker, '1');
    await settled(speaker);
    expect(await statsOf(server)).toMatchObject({
      unacknowledged: 0,
      rooms: [{ name: 'room', members: 1 }, { name: 'lobby' }],
    });
  });

  test.each([
    ['not json', 'invalid JSON'],
    ['{"type":"message","room":"lobby","payload":"p"}', 'a message needs an id'],
    ['{"type":"message","id":"1","room":"elsewhere","payload":"p"}', 'you are not in that room'],
    ['{"type":"message","id":"1","room":"lobby"}', 'a message needs a payload'],
    ['{"id":"1","status":"read"}', 'unknown type'],
  ])('refuses %s and says why', async (text, message) => {
    const server = await serve('reliable');
    const client = await talk(server);
    client.client.send(text);
    await expect.poll(() => client.said(), patiently).toEqual([{ type: 'error', message }]);
    expect(server.ledger.delivery).toMatchObject({ rejected: 1, published: 0 });
  });
});
