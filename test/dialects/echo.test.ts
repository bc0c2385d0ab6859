import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventKind, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { createEchoDialect } from '../../src/dialects/echo.js';
import { listening } from './listening.js';

const sequences = fc.integer({ min: 0, max: 2 ** 28 - 1 });
/** What precedes and follows a message in the read buffer. */
const surroundings = fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }));

test('a message that comes back says which one it is, at any size and wherever it lies in the buffer', () => {
  const { dialect, receive } = listening(createEchoDialect);
  fc.assert(
    fc.property(
      sequences,
      fc.integer({ min: 8, max: 300 }),
      surroundings,
      (sequence, size, [before, after]) => {
        const message = dialect.writeEcho(sequence, size);
        expect(message).toHaveLength(size);
        expect(receive(message, before, after)).toEqual([{ kind: EventKind.message, sequence }]);
      },
    ),
  );
});

test('so does a heartbeat', () => {
  const { dialect, receive } = listening(createEchoDialect);
  fc.assert(
    fc.property(sequences, surroundings, (sequence, [before, after]) => {
      expect(receive(dialect.writeHeartbeat(sequence), before, after)).toEqual([
        { kind: EventKind.pong, sequence },
      ]);
    }),
  );
});

test('heartbeats and messages may take turns, of different sizes', () => {
  const { dialect, receive } = listening(createEchoDialect);
  expect(receive(dialect.writeEcho(1, 100))[0]!.kind).toBe(EventKind.message);
  expect(receive(dialect.writeHeartbeat(2))).toEqual([{ kind: EventKind.pong, sequence: 2 }]);
  expect(receive(dialect.writeEcho(3, 8))).toEqual([{ kind: EventKind.message, sequence: 3 }]);
  expect(receive(dialect.writeEcho(4, 100))).toEqual([{ kind: EventKind.message, sequence: 4 }]);
});

test('messages are text: a server may insist on UTF-8', () => {
  const { dialect } = listening(createEchoDialect);
  expect(Buffer.from(dialect.writeEcho(0xabc, 12)).toString('latin1')).toBe('e0000abceeee');
  expect(Buffer.from(dialect.writeHeartbeat(42)).toString('latin1')).toBe('h000002a');
});

test('whatever else arrives is one event of kind other', () => {
  const { receive } = listening(createEchoDialect);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }).filter((bytes) => !/^[eh][0-9a-f]{7}/.test(latin1(bytes))),
      (bytes) => {
        const events = receive(bytes);
        expect(events.map(({ kind }) => kind)).toEqual([EventKind.other]);
      },
    ),
  );
  for (const text of [
    '',
    'e',
    'e000000',
    'e00000zz',
    'E0000001',
    'x0000001',
    'e000000F',
    'e000000g',
    'e000000:',
    'e000000/',
    'e000000`',
  ]) {
    expect(receive(Buffer.from(text)).map(({ kind }) => kind)).toEqual([EventKind.other]);
  }
});

test('a connection is ready as soon as it is open', () => {
  const { dialect, events } = listening(createEchoDialect);
  dialect.onOpen(0, 5);
  expect(events()).toEqual([{ kind: EventKind.ready, sequence: UNKNOWN_SEQUENCE }]);
});

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
