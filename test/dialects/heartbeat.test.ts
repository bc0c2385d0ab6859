import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventKind, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { createHeartbeatDialect } from '../../src/dialects/heartbeat.js';
import { listening } from './listening.js';

test('a heartbeat is a ping in JSON', () => {
  const { dialect } = listening(createHeartbeatDialect);
  expect(JSON.parse(Buffer.from(dialect.writeHeartbeat(1)).toString())).toEqual({ type: 'ping' });
});

test.each(['{"type":"pong"}', '{ "type": "pong" }', '{"at":1,"type":"pong"}', '{"type":"\\u0070ong"}'])(
  '%s answers the oldest heartbeat',
  (text) => {
    const { receive } = listening(createHeartbeatDialect);
    expect(receive(Buffer.from(text), Buffer.from('{'), Buffer.from('}'))).toEqual([
      { kind: EventKind.pong, sequence: UNKNOWN_SEQUENCE },
    ]);
  },
);

test.each(['{"type":"ping"}', '{"type":"pong"', '"pong"', 'null', '[]', '{"type":{"type":"pong"}}', ''])(
  '%s does not',
  (text) => {
    const { receive } = listening(createHeartbeatDialect);
    expect(receive(Buffer.from(text)).map(({ kind }) => kind)).toEqual([EventKind.other]);
  },
);

test('a binary message does not, whatever it says', () => {
  const { receive } = listening(createHeartbeatDialect, true);
  expect(receive(Buffer.from('{"type":"pong"}')).map(({ kind }) => kind)).toEqual([EventKind.other]);
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
  expect(events()).toEqual([{ kind: EventKind.ready, sequence: UNKNOWN_SEQUENCE }]);
});
