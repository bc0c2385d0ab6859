import { once } from 'node:events';
import { afterEach, expect } from 'vitest';
import { WebSocket } from 'ws';
import { type CreateDialect, type Dialect, EventKind } from '../../src/dialects/dialect.js';

interface Said {
  readonly connection: number;
  readonly kind: EventKind;
  readonly sequence: number;
  readonly message: string;
  readonly text: string;
}

/** Connections to a real server, all of one dialect. */
export interface Conversation {
  readonly dialect: Dialect;
  readonly events: Said[];
  /** Sends what the dialect has written; throws when it had nothing to say. */
  send(connection: number, message: Uint8Array | null): void;
  /** Resolves when an event like that has come; returns the first such. */
  heard(expected: Partial<Said>): Promise<Said>;
}

const sockets: WebSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

/** Opens a connection to each of the URLs; they are numbered in this order. */
export async function converse(create: CreateDialect, urls: readonly string[]): Promise<Conversation> {
  const events: Said[] = [];
  const own: WebSocket[] = [];
  const dialect = create(urls.length, {
    onDialectEvent(connection, { kind, sequence, buffer, start, end, text }) {
      events.push({ connection, kind, sequence, text, message: buffer.toString('utf8', start, end) });
    },
    send(connection, message, binary) {
      own[connection]!.send(message, { binary });
      return true;
    },
  });
  for (const [connection, url] of urls.entries()) {
    const socket = new WebSocket(url);
    own.push(socket);
    sockets.push(socket);
    socket.on('message', (content: Buffer, binary) => {
      dialect.receive(connection, content, 0, content.length, binary, 1000);
    });
    socket.on('close', () => dialect.onClose(connection));
    socket.on('open', () => dialect.onOpen(connection, 1000));
    await once(socket, 'open');
  }
  return {
    dialect,
    events,
    send(connection, message) {
      if (message === null) throw new Error('the dialect has nothing to say');
      // ws may hold it back, and the dialect writes its next message into the same place.
      own[connection]!.send(Buffer.from(message), { binary: dialect.binary });
    },
    async heard(expected) {
      await expect.poll(() => events, { timeout: 10_000 }).toContainEqual(expect.objectContaining(expected));
      return events.find((event) =>
        Object.entries(expected).every(([key, value]) => Reflect.get(event, key) === value),
      )!;
    },
  };
}

/** Joins a room and awaits that the server says so. */
export async function join(
  { dialect, send, heard }: Conversation,
  connection: number,
  room: number,
): Promise<void> {
  send(connection, dialect.writeJoin(connection, room));
  await heard({ connection, kind: EventKind.joined });
}
