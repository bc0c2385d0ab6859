import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANSWERS_NOTHING, EventKind, LOBBY, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { createEchoDialect } from '../../src/dialects/echo.js';
import { listening } from './listening.js';

const unasked = { kind: EventKind.message, sequence: ANSWERS_NOTHING };
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
        const message = dialect.writeEcho(3, sequence, size)!;
        expect(message).toHaveLength(size);
        expect(receive(message, before, after)).toMatchObject([
          { kind: EventKind.message, sequence, message: latin1(message) },
        ]);
      },
    ),
  );
});

test('so does a heartbeat', () => {
  const { dialect, receive } = listening(createEchoDialect);
  fc.assert(
    fc.property(sequences, surroundings, (sequence, [before, after]) => {
      expect(receive(dialect.writeHeartbeat(3, sequence)!, before, after)).toMatchObject([
        { kind: EventKind.pong, sequence },
      ]);
    }),
  );
});

test('heartbeats and messages may take turns, of different sizes', () => {
  const { dialect, receive } = listening(createEchoDialect);
  expect(receive(dialect.writeEcho(3, 1, 100)!)).toMatchObject([{ kind: EventKind.message, sequence: 1 }]);
  expect(receive(dialect.writeHeartbeat(3, 2)!)).toMatchObject([{ kind: EventKind.pong, sequence: 2 }]);
  expect(receive(dialect.writeEcho(3, 3, 8)!)).toMatchObject([{ kind: EventKind.message, sequence: 3 }]);
  expect(receive(dialect.writeEcho(3, 4, 100)!)).toMatchObject([{ kind: EventKind.message, sequence: 4 }]);
});

test('messages are text: a server may insist on UTF-8', () => {
  const { dialect } = listening(createEchoDialect);
  expect(Buffer.from(dialect.writeEcho(3, 0xabc, 12)!).toString('latin1')).toBe('e0000abceeee');
  expect(Buffer.from(dialect.writeHeartbeat(3, 42)!).toString('latin1')).toBe('h000002a');
});

test('whatever else arrives is a message that answers nothing, with all its bytes', () => {
  const { receive } = listening(createEchoDialect);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }).filter((bytes) => !/^[eh][0-9a-f]{7}/.test(latin1(bytes))),
      (bytes) => {
        expect(receive(bytes)).toMatchObject([{ ...unasked, message: latin1(bytes) }]);
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
    expect(receive(text)).toMatchObject([{ ...unasked, message: text }]);
  }
});

test('a connection is ready as soon as it is open', () => {
  const { dialect, events } = listening(createEchoDialect);
  dialect.onOpen(0, 5);
  expect(events()).toMatchObject([{ kind: EventKind.ready, sequence: UNKNOWN_SEQUENCE }]);
});

test('what is published is the payload and nothing else, and nobody has to join for it', () => {
  const { dialect } = listening(createEchoDialect);
  const payload = Buffer.from('~w~ and so on');
  expect(dialect.writePublish(3, LOBBY, payload, { publisher: 1, sequence: 2 })).toEqual(payload);
  expect(dialect.writeJoin(3, 1)).toBeNull();
  expect(dialect.writeLeave(3, 1)).toBeNull();
  expect(dialect.writeAcknowledgement(3, payload, 0, payload.length)).toBeNull();
  expect(dialect.confirmsJoin).toBe(false);
});

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
