import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANSWERS_NOTHING, EventKind, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { createHeartbeatDialect } from '../../src/dialects/heartbeat.js';
import { listening } from './listening.js';

test('a heartbeat is a ping in JSON', () => {
  const { dialect } = listening(createHeartbeatDialect);
  expect(JSON.parse(Buffer.from(dialect.writeHeartbeat(3, 1)!).toString())).toEqual({ type: 'ping' });
});

test.each(['{"type":"pong"}', '{ "type": "pong" }', '{"at":1,"type":"pong"}', '{"type":"\\u0070ong"}'])(
  '%s answers the oldest heartbeat',
  (text) => {
    const { receive } = listening(createHeartbeatDialect);
    expect(receive(text, Buffer.from('{'), Buffer.from('}'))).toMatchObject([
      { kind: EventKind.pong, sequence: UNKNOWN_SEQUENCE },
    ]);
  },
);

test.each(['{"type":"ping"}', '{"type":"pong"', '"pong"', 'null', '[]', '{"type":{"type":"pong"}}', ''])(
  '%s does not, and is a message',
  (text) => {
    const { receive } = listening(createHeartbeatDialect);
    expect(receive(text)).toMatchObject([
      { kind: EventKind.message, sequence: ANSWERS_NOTHING, message: text },
    ]);
  },
);

test('a binary message does not, whatever it says', () => {
  const { receive } = listening(createHeartbeatDialect, true);
  expect(receive('{"type":"pong"}').map(({ kind }) => kind)).toEqual([EventKind.message]);
});

test('nor does what carries a published payload', () => {
  const { receive } = listening(createHeartbeatDialect);
  const text = '{"type":"pong","text":"~w~AAAAA"}';
  expect(receive(text)).toMatchObject([{ kind: EventKind.message, message: text }]);
});

test('any bytes are one event', () => {
  const { receive } = listening(createHeartbeatDialect);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(receive(bytes)).toHaveLength(1);
      },
    ),
  );
});

test('a connection is ready as soon as it is open', () => {
  const { dialect, events } = listening(createHeartbeatDialect);
  dialect.onOpen(0, 5);
  expect(events()).toMatchObject([{ kind: EventKind.ready, sequence: UNKNOWN_SEQUENCE }]);
});
