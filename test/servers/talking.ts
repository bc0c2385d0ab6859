import { once } from 'node:events';
import { expect } from 'vitest';
import type { ClientOptions, WebSocket } from 'ws';
import { type Address, connectClient, patiently } from './running.js';

/** A client that has written down everything it received from the start. */
export interface Talker {
  readonly client: WebSocket;
  /** Texts as they came. */
  readonly texts: string[];
  /** The same as JSON, without what servers say of themselves and what is no JSON. */
  said(): Record<string, unknown>[];
  send(message: object): void;
}

export async function talk(server: Address, path = '/', options: ClientOptions = {}): Promise<Talker> {
  const client = connectClient(server, path, options);
  const texts: string[] = [];
  client.on('message', (text) => texts.push(String(text)));
  await once(client, 'open');
  return {
    client,
    texts,
    said: () => texts.flatMap(parse).filter(({ type }) => type !== 'system' && type !== 'welcome'),
    send: (message) => client.send(JSON.stringify(message)),
  };
}

function parse(text: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** `count` clients that have joined the room, one after another. */
export async function talkersIn(server: Address, room: string, count: number): Promise<Talker[]> {
  const talkers: Talker[] = [];
  for (let i = 0; i < count; i++) {
    const talker = await talk(server);
    await join(talker, room);
    talkers.push(talker);
  }
  return talkers;
}

/** Resolves when the server has confirmed it. */
export async function join(talker: Talker, room: string): Promise<void> {
  talker.send({ type: 'join', room });
  await expect.poll(() => talker.said(), patiently).toContainEqual({ type: 'joined', room });
}

/** Resolves when everything sent to the client so far has arrived: the answer to a ping comes after it. */
export async function settled({ client }: Talker): Promise<void> {
  client.ping();
  await once(client, 'pong');
}
