import { describe, expect, test } from 'vitest';
import { patiently, serve, statsOf, whenAllClosed } from './running.js';
import { join, settled, talk, talkersIn } from './talking.js';

const silent = { announce: false };

/** The texts of chat messages, in the order in which they came. */
const textsOf = (talker: { said(): Record<string, unknown>[] }) =>
  talker.said().flatMap(({ type, text }) => (type === 'message' ? [text] : []));

describe('the server rooms', () => {
  test('greets every client before anything else', async () => {
    const client = await talk(await serve('rooms'));
    await expect.poll(() => client.texts, patiently).toHaveLength(1);
    const welcome: unknown = JSON.parse(client.texts[0] ?? '');
    expect(welcome).toEqual({ type: 'welcome', message: 'Welcome!', timestamp: expect.any(Number) });
  });

  test('passes a message on to the others in its room, and to nobody else', async () => {
    const server = await serve('rooms', silent);
    const [speaker, ...listeners] = await talkersIn(server, 'room-1', 4);
    const [stranger] = await talkersIn(server, 'room-2', 1);
    speaker!.send({ type: 'set_username', username: 'ann' });
    for (let i = 0; i < 5; i++) speaker!.send({ type: 'message', room: 'room-1', text: `${i} ü` });
    const texts = ['0 ü', '1 ü', '2 ü', '3 ü', '4 ü'];
    for (const listener of listeners) {
      await expect.poll(() => textsOf(listener), patiently).toEqual(texts);
      expect(listener.said().at(-1)).toEqual({
        type: 'message',
        room: 'room-1',
        from: 'ann',
        text: '4 ü',
        timestamp: expect.any(Number),
      });
    }
    await Promise.all([settled(speaker!), settled(stranger!)]);
    expect(textsOf(speaker!)).toEqual([]);
    expect(textsOf(stranger!)).toEqual([]);
    expect(server.ledger.delivery).toMatchObject({ published: 5, delivered: 15, rejected: 0 });
  });

  test('lets a client be in several rooms, leave one of them, and come back', async () => {
    const server = await serve('rooms', silent);
    const [speaker, listener] = await talkersIn(server, 'a', 2);
    await Promise.all([join(speaker!, 'b'), join(listener!, 'b')]);
    const sayInBoth = (text: string) => {
      for (const room of ['a', 'b']) speaker!.send({ type: 'message', room, text: `${text} in ${room}` });
    };
    sayInBoth('first');
    await expect.poll(() => textsOf(listener!), patiently).toHaveLength(2);
    listener!.send({ type: 'leave', room: 'a' });
    await settled(listener!);
    sayInBoth('second');
    await expect.poll(() => textsOf(listener!), patiently).toHaveLength(3);
    listener!.send({ type: 'join', room: 'a' });
    listener!.send({ type: 'join', room: 'a' });
    await settled(listener!);
    sayInBoth('third');
    await expect
      .poll(() => textsOf(listener!), patiently)
      .toEqual(['first in a', 'first in b', 'second in b', 'third in a', 'third in b']);
    expect(server.ledger.delivery).toMatchObject({ published: 6, delivered: 5 });
  });

  test('has everybody in the lobby from the start', async () => {
    const server = await serve('rooms');
    const [speaker, listener] = [await talk(server), await talk(server)];
    speaker.send({ type: 'message', room: 'lobby', text: 'hello' });
    await expect.poll(() => textsOf(listener), patiently).toEqual(['hello']);
  });

  test('answers a ping with its own time stamp', async () => {
    const client = await talk(await serve('rooms'));
    client.send({ type: 'ping', ts: 17 });
    await expect.poll(() => client.said(), patiently).toEqual([{ type: 'pong', ts: 17 }]);
  });

  test('tells the others in a room who comes and goes, unless it was told not to', async () => {
    const server = await serve('rooms');
    const quiet = await serve('rooms', silent);
    for (const [place, expected] of [
      [server, ['guest-2 joined', 'guest-3 joined', 'guest-3 left', 'guest-2 left']],
      [quiet, []],
    ] as const) {
      const [first, second, third] = await talkersIn(place, 'room', 3);
      third!.send({ type: 'leave', room: 'room' });
      await settled(third!);
      second!.client.close();
      third!.client.close();
      await expect.poll(() => place.ledger.closed, patiently).toBe(2);
      await settled(first!);
      const announced = first!.texts
        .flatMap((text) => JSON.parse(text))
        .filter(({ type }) => type === 'system');
      expect(announced).toEqual(expected.map((text) => ({ type: 'system', text, room: 'room' })));
    }
  });

  test('tells nobody any more who comes to a room of 100', async () => {
    const server = await serve('rooms');
    const [first] = await talkersIn(server, 'room', 1);
    const others = await Promise.all(Array.from({ length: 110 }, () => talk(server)));
    for (const other of others) other.send({ type: 'join', room: 'room' });
    await Promise.all(others.map(settled));
    await settled(first!);
    expect(first!.texts.filter((text) => text.includes('"type":"system"'))).toHaveLength(98);
  });

  test.each([
    ['not json', 'invalid JSON'],
    ['[]', 'invalid JSON'],
    ['{"type":"shout"}', 'unknown type'],
    ['{"type":"join"}', 'join needs the name of a room'],
    [`{"type":"join","room":"${'x'.repeat(101)}"}`, 'join needs the name of a room'],
    ['{"type":"leave","room":7}', 'leave needs the name of a room'],
    ['{"type":"set_username","username":""}', 'set_username needs a username'],
    ['{"type":"message","room":"elsewhere","text":"hello"}', 'you are not in that room'],
    ['{"type":"message","room":"lobby","text":5}', 'a message needs a text'],
  ])('refuses %s and says why', async (text, message) => {
    const server = await serve('rooms');
    const client = await talk(server);
    client.client.send(text);
    await expect.poll(() => client.said(), patiently).toEqual([{ type: 'error', message }]);
    expect(server.ledger.delivery).toMatchObject({ rejected: 1, published: 0 });
  });

  test('refuses who comes to a full room, until somebody has left', async () => {
    const server = await serve('rooms', { roomSize: 2 });
    const [first] = await talkersIn(server, 'small', 2);
    const late = await talk(server);
    late.send({ type: 'join', room: 'small' });
    await expect.poll(() => late.said(), patiently).toEqual([{ type: 'error', message: 'small is full' }]);
    expect((await statsOf(server)).rooms).toMatchObject([{ name: 'lobby', members: 3 }, { members: 2 }]);
    first!.client.close();
    await expect.poll(() => server.ledger.closed, patiently).toBe(1);
    await join(late, 'small');
  });

  test('shows its rooms in /stats, the largest first, and forgets those in which nothing was said', async () => {
    const server = await serve('rooms', silent);
    const [speaker] = await talkersIn(server, 'large', 3);
    await talkersIn(server, 'small', 1);
    const [passerBy] = await talkersIn(server, 'deserted', 1);
    passerBy!.send({ type: 'leave', room: 'deserted' });
    speaker!.send({ type: 'message', room: 'large', text: 'hello' });
    await Promise.all([settled(speaker!), settled(passerBy!)]);
    expect((await statsOf(server)).rooms).toEqual([
      { name: 'lobby', members: 5, messages: 0 },
      { name: 'large', members: 3, messages: 1 },
      { name: 'small', members: 1, messages: 0 },
    ]);
  });

  test('keeps the counts of a room when everybody has gone', async () => {
    const server = await serve('rooms', silent);
    const talkers = await talkersIn(server, 'room', 2);
    talkers[0]!.send({ type: 'message', room: 'room', text: 'hello' });
    await settled(talkers[0]!);
    for (const { client } of talkers) client.close();
    await whenAllClosed(server);
    expect((await statsOf(server)).rooms).toEqual([{ name: 'room', members: 0, messages: 1 }]);
  });
});
