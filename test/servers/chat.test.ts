import { describe, expect, test } from 'vitest';
import { endOf, openClient, patiently, serve, statsOf, whenAllClosed } from './running.js';
import { settled, type Talker, talk } from './talking.js';

const say = (talker: Talker, text: unknown) => talker.send({ type: 'chat', payload: { text }, time: 1 });

/** The system messages that came, but for their time. */
const toldTo = ({ texts }: Talker) =>
  texts
    .flatMap((text) => JSON.parse(text))
    .flatMap(({ type, payload }) => (type === 'system' ? [payload] : []));

describe('the server chat', () => {
  test('puts clients into the room of their path, and sends what is said there to all of them', async () => {
    const server = await serve('chat', { announce: false });
    const ann = await talk(server, '/?room=one&user=ann');
    const ben = await talk(server, '/?room=one&user=ben');
    const other = await talk(server, '/?room=two&user=zoe');
    say(ann, 'hello');
    const expected = { type: 'chat', payload: { from: 'ann', text: 'hello' }, time: expect.any(Number) };
    for (const talker of [ann, ben]) await expect.poll(() => talker.said(), patiently).toEqual([expected]);
    await settled(other);
    expect(other.said()).toEqual([]);
    expect(server.ledger.delivery).toMatchObject({ published: 1, delivered: 2 });
  });

  test('knows a client without a room or a name as a guest in the lobby', async () => {
    const server = await serve('chat');
    const guest = await talk(server);
    say(guest, 'hello');
    const payload = { from: expect.stringMatching(/^guest-\d+$/), text: 'hello' };
    await expect.poll(() => guest.said(), patiently).toMatchObject([{ payload }]);
    expect((await statsOf(server)).rooms).toEqual([{ name: 'lobby', members: 1, messages: 1 }]);
  });

  test('moves a client to the room that it joins, and tells both rooms', async () => {
    const server = await serve('chat');
    const before = await talk(server, '/?room=one&user=ann');
    const after = await talk(server, '/?room=two&user=zoe');
    const mover = await talk(server, '/?room=one&user=ben');
    mover.send({ type: 'join', payload: { room: 'two' } });
    await expect.poll(() => toldTo(mover), patiently).toEqual([{ joined: 'two' }]);
    await Promise.all([settled(before), settled(after)]);
    expect(toldTo(before)).toEqual([{ text: 'ben joined' }, { text: 'ben left' }]);
    expect(toldTo(after)).toEqual([{ text: 'ben joined' }]);

    mover.send({ type: 'join', payload: { room: 'two' } });
    say(mover, 'hello');
    await expect.poll(() => after.said(), patiently).toHaveLength(1);
    await settled(before);
    expect(before.said()).toEqual([]);
    expect(toldTo(mover)).toEqual([{ joined: 'two' }, { joined: 'two' }]);
    mover.client.close();
    await expect.poll(() => toldTo(after), patiently).toEqual([{ text: 'ben joined' }, { text: 'ben left' }]);
  });

  test('answers pings', async () => {
    const client = await talk(await serve('chat'));
    client.send({ type: 'ping' });
    await expect.poll(() => client.said(), patiently).toEqual([{ type: 'pong' }]);
  });

  test.each([
    ['not json', 'invalid json'],
    ['null', 'invalid json'],
    ['{"type":"whisper"}', 'unknown type'],
    ['{"type":"chat"}', 'chat needs a text'],
    ['{"type":"chat","payload":{"text":7}}', 'chat needs a text'],
    ['{"type":"join","payload":"two"}', 'join needs the name of a room'],
  ])('refuses %s and says why', async (text, payload) => {
    const server = await serve('chat');
    const client = await talk(server);
    client.client.send(text);
    await expect.poll(() => client.said(), patiently).toEqual([{ type: 'error', payload }]);
    expect(server.ledger.delivery).toMatchObject({ rejected: 1, published: 0 });
  });

  test('ignores an empty text', async () => {
    const server = await serve('chat');
    const client = await talk(server);
    say(client, '');
    await settled(client);
    expect(client.said()).toEqual([]);
    expect(server.ledger).toMatchObject({ messagesIn: 1, delivery: { rejected: 0, published: 0 } });
  });

  test('refuses who comes to a full room, by message and by path', async () => {
    const server = await serve('chat', { roomSize: 1 });
    await talk(server, '/?room=one');
    const late = await openClient(server, '/?room=one');
    expect(await endOf(late)).toEqual({ code: 1008, reason: 'the room is full' });
    const elsewhere = await talk(server, '/?room=two');
    elsewhere.send({ type: 'join', payload: { room: 'one' } });
    await expect.poll(() => elsewhere.said(), patiently).toEqual([{ type: 'error', payload: 'one is full' }]);
    say(elsewhere, 'still here');
    await expect.poll(() => elsewhere.said(), patiently).toHaveLength(2);
  });
});

describe('the token of the server chat', () => {
  test.each(['/', '/?token=wrong', '/?token='])(
    'is missed in %s, and nobody hears of that client',
    async (path) => {
      const server = await serve('chat', { token: 'right' });
      const member = await talk(server, '/?token=right&user=ann');
      const intruder = await openClient(server, path);
      intruder.send('{"type":"chat","payload":{"text":"let me in"}}');
      expect(await endOf(intruder)).toEqual({ code: 1008, reason: 'unauthorized' });
      await expect.poll(() => server.ledger.closed, patiently).toBe(1);
      await settled(member);
      expect(member.texts).toEqual([]);
      expect(server.ledger).toMatchObject({ closesByCode: { 1008: 1 }, delivery: { published: 0 } });
    },
  );
});

describe('the rate limit of the server chat', () => {
  test('lets a burst pass, refuses what is beyond it, and gives back a message at a time', async () => {
    const server = await serve('chat', { rate: { perSecond: 2, burst: 5 } });
    const [fast, patient] = [await talk(server, '/?room=fast'), await talk(server, '/?room=patient')];
    for (let i = 0; i < 9; i++) say(fast, `${i}`);
    say(patient, 'hello');
    await settled(fast);
    // A loaded machine may take so long over it that a message is given back meanwhile.
    const { published, rejected } = server.ledger.delivery;
    expect(published + rejected).toBe(10);
    expect(rejected).toBeGreaterThan(1);
    const refusals = fast.said().filter(({ type }) => type === 'error');
    expect(refusals).toEqual(
      Array.from({ length: rejected }, () => ({ type: 'error', payload: 'rate limit exceeded' })),
    );
    await expect.poll(() => patient.said(), patiently).toMatchObject([{ type: 'chat' }]);

    await new Promise((resolve) => setTimeout(resolve, 600));
    say(fast, 'again');
    await expect
      .poll(() => fast.said().at(-1), patiently)
      .toMatchObject({ type: 'chat', payload: { text: 'again' } });
    fast.client.close();
    patient.client.close();
    await whenAllClosed(server);
  });
});
