import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { EventKind } from '../../src/dialects/dialect.js';
import { createJsonDialect } from '../../src/dialects/json.js';
import { checkTemplates } from '../../src/dialects/jsonRules.js';
import type { JsonTemplates } from '../../src/dialects/jsonTemplates.js';
import { converse, join } from './conversation.js';
import { payloadOf } from './payloads.js';

let server: WebSocketServer | null = null;

afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
});

/** Channels of `[joinRef, ref, topic, event, payload]`, as Phoenix has them: every message is a list. */
async function serveChannels(): Promise<string> {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const topics = new Map<string, Set<WebSocket>>();
  server.on('connection', (client) => {
    client.on('message', (content: RawData) => {
      const [joinRef, ref, topic, event, payload] = JSON.parse(String(content));
      const reply = (status: string, response: object) =>
        client.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status, response }]));
      const members = topics.get(topic) ?? new Set();
      topics.set(topic, members);
      if (event === 'heartbeat') reply('ok', { beat: true });
      else if (topic === 'room:13') reply('error', { reason: 'unlucky' });
      else if (event === 'phx_join') {
        members.add(client);
        reply('ok', { joined: topic });
      } else {
        reply('ok', { shouted: true });
        for (const member of members)
          if (member !== client) member.send(JSON.stringify([null, null, topic, event, payload]));
      }
    });
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const channels: JsonTemplates = {
  join: '["1","j","${room}","phx_join",{}]',
  leave: null,
  publish: '["1",${sequence},"${room}","shout",{"body":"${payload}"}]',
  heartbeat: '[null,${sequence},"phoenix","heartbeat",{}]',
  acknowledge: null,
  room: 'room:${k}',
  expect: {
    ready: null,
    joined: { '3': 'phx_reply', '4.status': 'ok', '4.response.joined': '${room}' },
    pong: { '3': 'phx_reply', '1': '${sequence}', '4.response.beat': true },
    acknowledged: { '3': 'phx_reply', '1': '${sequence}', '4.response.shouted': true },
    error: { '3': 'phx_reply', '4.status': 'error' },
    message: null,
    other: [],
  },
};

test('a server whose messages are lists is spoken to by templates alone', async () => {
  expect(checkTemplates(channels)).toEqual([]);
  const url = await serveChannels();
  const talk = await converse(createJsonDialect(channels), [url, url]);
  const { dialect, send, heard } = talk;
  await join(talk, 0, 7);
  await join(talk, 1, 7);
  const payload = payloadOf('"quoted" \\ and \u{1F600}');
  send(0, dialect.writePublish(0, 7, payload, { publisher: 0, sequence: 41 }));
  await heard({ connection: 0, kind: EventKind.acknowledged, sequence: 41 });
  const { message } = await heard({ connection: 1, kind: EventKind.message });
  expect(JSON.parse(message)[4]).toEqual({ body: payload.toString() });
  send(1, dialect.writeHeartbeat(1, 5));
  await heard({ connection: 1, kind: EventKind.pong, sequence: 5 });
  send(1, dialect.writeJoin(1, 13));
  expect((await heard({ connection: 1, kind: EventKind.error })).text).toContain('unlucky');
});
