import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANSWERS_NOTHING, EventKind, LOBBY, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { createJsonDialect } from '../../src/dialects/json.js';
import { jsonProtocols } from '../../src/dialects/jsonProtocols.js';
import type { JsonMatchers, JsonTemplates } from '../../src/dialects/jsonTemplates.js';
import { listening } from './listening.js';
import { payloadOf } from './payloads.js';

const ID = { publisher: 12, sequence: 34 };
const byDefault = jsonProtocols.json;

function speaking(templates: Partial<Omit<JsonTemplates, 'expect'>>, expected: Partial<JsonMatchers> = {}) {
  const expect = { ...byDefault.expect, ...expected };
  return listening(createJsonDialect({ ...byDefault, ...templates, expect }));
}

function parsed(message: Uint8Array | null): unknown {
  return message === null ? null : JSON.parse(Buffer.from(message).toString());
}

test('whatever text a payload holds, the server parses exactly that out of the message', () => {
  const { dialect } = speaking({});
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (filler) => {
      const payload = payloadOf(filler);
      const message = parsed(dialect.writePublish(3, 8, payload, ID));
      expect(message).toEqual({ type: 'message', room: 'room-8', payload: payload.toString() });
    }),
    { examples: [['"'], ['\\'], ['\\"\u0000\u001f\u007f\u2028'], ['😀'], ['${room}']] },
  );
});

test('the same payload may be published again, with another marker in it', () => {
  const { dialect } = speaking({});
  for (const filler of ['plain', 'with "quotes"']) {
    const payload = payloadOf(filler);
    for (const sequence of [1, 2, 3]) {
      payloadOf(filler, { sequence }).copy(payload);
      expect(parsed(dialect.writePublish(3, 8, payload, ID))).toMatchObject({ payload: payload.toString() });
    }
  }
});

test('messages longer and shorter than the one before come out whole', () => {
  const { dialect } = speaking({});
  for (const length of [0, 5_000, 3, 200_000, 5_000, 0]) {
    const payload = payloadOf('x'.repeat(length));
    expect(parsed(dialect.writePublish(3, 8, payload, ID))).toMatchObject({ payload: payload.toString() });
  }
});

test('rooms, ids and sequence numbers are filled in wherever a template wants them', () => {
  const { dialect } = speaking({
    join: '["join",${room},"${room}"]',
    publish: '{"ref":${sequence},"key":"k-${id}","to":"${room}","text":"${payload}"}',
    heartbeat: '{"n":${sequence}}',
    room: '${k}',
  });
  fc.assert(
    fc.property(
      fc.nat(2 ** 18 - 1),
      fc.nat(2 ** 24 - 1),
      fc.nat(2 ** 30 - 1),
      (room, publisher, sequence) => {
        const payload = payloadOf('');
        expect(parsed(dialect.writeJoin(3, room))).toEqual(['join', room, String(room)]);
        expect(parsed(dialect.writeHeartbeat(3, sequence))).toEqual({ n: sequence });
        expect(parsed(dialect.writePublish(3, room, payload, { publisher, sequence }))).toEqual({
          ref: sequence,
          key: `k-${publisher}-${sequence}`,
          to: String(room),
          text: payload.toString(),
        });
      },
    ),
  );
});

test('the name of a room is text of any kind', () => {
  const { dialect } = speaking({ room: 'the "${k}" \\ room' });
  expect(parsed(dialect.writeJoin(3, 5))).toEqual({ type: 'join', room: 'the "5" \\ room' });
});

test('who has joined no room talks in the lobby, and has no room to join or to leave', () => {
  const { dialect } = speaking({
    publish: '{"room":"${room}","again":${room},"text":"${payload}"}',
    room: '${k}',
  });
  const message = dialect.writePublish(3, LOBBY, payloadOf(''), ID);
  expect(parsed(message)).toMatchObject({ room: 'lobby', again: 'lobby' });
  expect(dialect.writeJoin(3, LOBBY)).toBeNull();
  expect(dialect.writeLeave(3, LOBBY)).toBeNull();
});

test('a protocol without words for joining says nothing', () => {
  const { dialect } = speaking({ join: null, leave: null }, { joined: { type: 'joined' } });
  expect([dialect.writeJoin(3, 1), dialect.writeLeave(3, 1)]).toEqual([null, null]);
  expect(dialect.confirmsJoin).toBe(false);
});

test('what carries a payload is a message with all its bytes, wherever in it the payload lies', () => {
  const { receive } = speaking({});
  fc.assert(
    fc.property(fc.string(), fc.boolean(), fc.uint8Array({ maxLength: 9 }), (from, first, around) => {
      const text = payloadOf('').toString();
      // Even where it looks like something else.
      const said = first ? { type: 'pong', text, from } : { from, type: 'error', text };
      const message = JSON.stringify(said);
      expect(receive(message, around, around)).toEqual([
        {
          connection: 3,
          kind: EventKind.message,
          sequence: ANSWERS_NOTHING,
          text: '',
          message: Buffer.from(message).toString('latin1'),
        },
      ]);
    }),
  );
});

test('what is neither expected nor JSON is a message too', () => {
  const { receive } = speaking({});
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '"pong"',
    '{"type":"ping"}',
    '{"type":{"type":"pong"}}',
    '\u0000',
  ]) {
    expect(receive(text), text).toMatchObject([
      { kind: EventKind.message, sequence: ANSWERS_NOTHING, message: text },
    ]);
  }
});

test('any bytes are one event', () => {
  const { receive } = speaking({});
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.json()), (message) => {
      expect(receive(message)).toHaveLength(1);
    }),
  );
});

test('messages are told apart by the values of their fields, the matcher with the most fields first', () => {
  const { receive } = speaking(
    { publish: '{"id":"${id}","text":"${payload}"}' },
    {
      ready: { event: 'welcome' },
      joined: { event: 'reply', 'payload.of': 'join', '0': null },
      acknowledged: { event: 'reply' },
      error: { event: 'reply', 'payload.ok': false },
      pong: { 'beats.1': true, n: 3 },
      other: [{ event: 'left' }, { event: 'typing' }],
    },
  );
  const kinds: [message: object, kind: EventKind][] = [
    [{ event: 'welcome' }, EventKind.ready],
    [{ event: 'reply', payload: { of: 'join', ok: false }, 0: null }, EventKind.joined],
    [{ event: 'reply', payload: { of: 'join', ok: false } }, EventKind.error],
    [{ event: 'reply', payload: { of: 'join' } }, EventKind.acknowledged],
    [{ beats: [false, true], n: 3 }, EventKind.pong],
    [{ beats: [false, true], n: '3' }, EventKind.message],
    [{ event: 'left' }, EventKind.other],
    [{ event: 'typing' }, EventKind.other],
  ];
  for (const [message, kind] of kinds)
    expect(receive(JSON.stringify(message)), JSON.stringify(message)).toMatchObject([{ kind }]);
});

test('an answer says which message it is for, where the protocol does', () => {
  const { receive } = speaking(
    { publish: '{"id":"${id}","text":"${payload}"}', heartbeat: '{"type":"ping","n":${sequence}}' },
    { pong: { type: 'pong', n: '${sequence}' }, acknowledged: { status: 'received', id: '${id}' } },
  );
  const sequences: [message: string, kind: EventKind, sequence: number][] = [
    ['{"type":"pong","n":17}', EventKind.pong, 17],
    ['{"type":"pong","n":"17"}', EventKind.pong, 17],
    ['{"status":"received","id":"12-34"}', EventKind.acknowledged, 34],
    ['{"type":"pong"}', EventKind.message, ANSWERS_NOTHING],
    ['{"type":"pong","n":-1}', EventKind.message, ANSWERS_NOTHING],
    ['{"type":"pong","n":1.5}', EventKind.message, ANSWERS_NOTHING],
    ['{"type":"pong","n":[17]}', EventKind.message, ANSWERS_NOTHING],
    ['{"status":"received","id":"34"}', EventKind.message, ANSWERS_NOTHING],
    ['{"status":"received","id":"12-34-"}', EventKind.message, ANSWERS_NOTHING],
  ];
  for (const [message, kind, sequence] of sequences)
    expect(receive(message), message).toMatchObject([{ kind, sequence }]);
  expect(speaking({}).receive('{"type":"pong"}')).toMatchObject([
    { kind: EventKind.pong, sequence: UNKNOWN_SEQUENCE },
  ]);
});

test('an error is told in the words of the server, at most 200 characters of them', () => {
  const { receive } = speaking({});
  const short = '{"type":"error","message":"room is full"}';
  expect(receive(short)).toMatchObject([{ kind: EventKind.error, text: short }]);
  const long = JSON.stringify({ type: 'error', message: 'é'.repeat(1000) });
  expect(receive(long)).toMatchObject([{ kind: EventKind.error, text: long.slice(0, 200) }]);
  expect(receive('{"type":"pong"}')).toMatchObject([{ text: '' }]);
});

test('a connection is ready when it is open, or when the server has said so', () => {
  const atOnce = speaking({});
  atOnce.dialect.onOpen(3, 5);
  expect(atOnce.events()).toMatchObject([{ connection: 3, kind: EventKind.ready }]);
  const later = speaking({}, { ready: { type: 'hello' } });
  later.dialect.onOpen(3, 5);
  expect(later.events()).toEqual([]);
  expect(later.receive('{"type":"hello"}')).toMatchObject([{ connection: 3, kind: EventKind.ready }]);
});

test('a receipt is acknowledged by the id under which its message was published', () => {
  const { dialect } = speaking({
    publish: '{"id":"${id}","text":"${payload}"}',
    acknowledge: '{"got":"${id}"}',
  });
  const message = Buffer.from(`..{"text":"${payloadOf('', { publisher: 5, sequence: 6 })}"}`);
  expect(parsed(dialect.writeAcknowledgement(3, message, 2, message.length))).toEqual({ got: '5-6' });
  for (const text of ['{}', JSON.stringify({ text: '~w~ damaged' }), message.toString().slice(0, 40)]) {
    expect(dialect.writeAcknowledgement(3, Buffer.from(text), 0, text.length), text).toBeNull();
  }
});

test('or by the id that the server has given it', () => {
  const { dialect } = speaking(
    { acknowledge: '{"got":${id},"as":"${id}"}' },
    { message: { type: 'message', 'meta.id': '${id}' } },
  );
  const acknowledge = (message: object) => {
    const bytes = Buffer.from(JSON.stringify(message));
    return parsed(dialect.writeAcknowledgement(3, bytes, 0, bytes.length));
  };
  expect(acknowledge({ type: 'message', meta: { id: 7 } })).toEqual({ got: 7, as: '7' });
  expect(acknowledge({ type: 'message', meta: { id: 'a"b' } })).toEqual({ got: 'a"b', as: 'a"b' });
  expect(acknowledge({ type: 'notice', meta: { id: 7 } })).toBeNull();
  expect(acknowledge({ type: 'message', meta: {} })).toBeNull();
});

test('a protocol without acknowledgements says nothing', () => {
  const message = payloadOf('');
  expect(speaking({}).dialect.writeAcknowledgement(3, message, 0, message.length)).toBeNull();
});
