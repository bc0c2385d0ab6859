import { expect, test } from 'vitest';
import { EventKind, LOBBY } from '../../src/dialects/dialect.js';
import { dialects } from '../../src/dialects/list.js';
import { isServerName, servers } from '../../src/servers/list.js';
import { serve, statsOf } from '../servers/running.js';
import { converse, join } from './conversation.js';
import { payloadOf } from './payloads.js';

const ID = { publisher: 1, sequence: 2 };
const payload = payloadOf(' and "more"', ID);

/** Every text in a document, however deep. */
function textsIn(document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return [document];
  return Object.values(document).flatMap(textsIn);
}

async function urlsOf(name: string, count: number): Promise<string[]> {
  if (!isServerName(name)) throw new Error(`no server is called ${name}`);
  const { port } = await serve(name);
  return Array.from({ length: count }, (_, i) => `ws://127.0.0.1:${port}/?client=${i}`);
}

test.each(['rooms', 'handshake', 'chat', 'reliable'] as const)(
  'the dialect of the reference server %s is let in, joins, publishes to its room and beats',
  async (server) => {
    const create = dialects[servers[server].dialect];
    const talk = await converse(create, await urlsOf(server, 3));
    const { dialect, send, heard, events } = talk;
    expect(dialect.confirmsJoin).toBe(true);
    for (const connection of [0, 1, 2]) await heard({ connection, kind: EventKind.ready });
    await join(talk, 0, 4);
    await join(talk, 1, 4);
    await join(talk, 2, 5);
    send(0, dialect.writePublish(0, 4, payload, ID));
    const { message } = await heard({ connection: 1, kind: EventKind.message });
    expect(textsIn(JSON.parse(message))).toContain(payload.toString());
    for (const connection of [0, 1, 2]) send(connection, dialect.writeHeartbeat(connection, 9));
    for (const connection of [0, 1, 2]) await heard({ connection, kind: EventKind.pong });
    // Its notices of who came are no messages of users, and nothing was refused.
    expect(events.filter(({ kind, connection }) => kind === EventKind.message && connection === 2)).toEqual(
      [],
    );
    expect(events.filter(({ kind }) => kind === EventKind.error)).toEqual([]);
  },
);

test.each(['broadcast', 'rooms', 'chat', 'reliable'] as const)(
  'without rooms everybody on the reference server %s is in the lobby',
  async (server) => {
    const { dialect, send, heard } = await converse(
      dialects[servers[server].dialect],
      await urlsOf(server, 2),
    );
    send(0, dialect.writePublish(0, LOBBY, payload, ID));
    expect((await heard({ connection: 1, kind: EventKind.message })).message).toContain('~w~');
  },
);

test('a refused join is told in the words of the server', async () => {
  const { port } = await serve('rooms', { roomSize: 1 });
  const url = `ws://127.0.0.1:${port}/`;
  const talk = await converse(dialects['chat-b'], [url, url]);
  await join(talk, 0, 4);
  talk.send(1, talk.dialect.writeJoin(1, 4));
  const { text } = await talk.heard({ connection: 1, kind: EventKind.error });
  expect(text).toBe('{"type":"error","message":"room-4 is full"}');
});

test('a message left is a room that says nothing any more', async () => {
  const talk = await converse(dialects['chat-b'], await urlsOf('rooms', 2));
  const { dialect, send, heard, events } = talk;
  await join(talk, 0, 4);
  await join(talk, 1, 4);
  send(1, dialect.writeLeave(1, 4));
  send(1, dialect.writeHeartbeat(1, 0));
  await heard({ connection: 1, kind: EventKind.pong });
  send(0, dialect.writePublish(0, 4, payload, ID));
  send(0, dialect.writeHeartbeat(0, 0));
  await heard({ connection: 0, kind: EventKind.pong });
  send(1, dialect.writeHeartbeat(1, 1));
  await heard({ connection: 1, kind: EventKind.pong, sequence: 1 });
  expect(events.filter(({ kind }) => kind === EventKind.message)).toEqual([]);
});

test('reliable publishers hear that a message has come, and members say that they have it', async () => {
  const urls = await urlsOf('reliable', 2);
  const talk = await converse(dialects.reliable, urls);
  const { dialect, send, heard } = talk;
  await join(talk, 0, 4);
  await join(talk, 1, 4);
  send(0, dialect.writePublish(0, 4, payload, ID));
  await heard({ connection: 0, kind: EventKind.acknowledged, sequence: ID.sequence });
  const message = Buffer.from((await heard({ connection: 1, kind: EventKind.message })).message);
  const port = Number(new URL(urls[0]!).port);
  expect(await statsOf({ port })).toMatchObject({ unacknowledged: 1 });
  send(1, dialect.writeAcknowledgement(1, message, 0, message.length));
  await expect.poll(() => statsOf({ port })).toMatchObject({ unacknowledged: 0 });
});
