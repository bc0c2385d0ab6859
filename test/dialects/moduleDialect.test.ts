import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ANSWERS_NOTHING, EventKind, LOBBY, UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { loadDialect } from '../../src/dialects/list.js';
import { scratchFile } from '../support/scratch.js';
import { type Listening, listening } from './listening.js';
import { payloadOf } from './payloads.js';

const ID = { publisher: 12, sequence: 34 };

async function speaking(source: string): Promise<Listening> {
  const file = scratchFile('mine.mjs', source);
  return listening(await loadDialect({ kind: 'module', file, url: pathToFileURL(file).href }));
}

/** A line protocol with a login, and with pings of the server's own. */
const lines = `export default {
  waitsForReady: true,
  waitsForJoined: true,
  open(emit) {
    emit.send('HELLO');
    return { rooms: [] };
  },
  join(room, session) {
    session.rooms.push(room);
    return 'JOIN ' + session.rooms.join(',');
  },
  leave: (room) => 'PART ' + room,
  publish: (room, payload, id) => ['SAY', room, id.publisher, id.sequence, payload].join(' '),
  heartbeat: (sequence) => 'BEAT ' + sequence,
  acknowledge: (message) => 'GOT ' + message.split(' ')[1],
  echo: (sequence, sizeBytes) => ('ECHO ' + sequence + ' ').padEnd(sizeBytes, '.'),
  receive(message, emit) {
    const [word, number] = message.split(' ');
    if (word === 'WELCOME') emit.ready();
    else if (word === 'IN') emit.joined();
    else if (word === 'BEAT') emit.pong(Number(number));
    else if (word === 'BEATS') emit.pong();
    else if (word === 'OK') emit.acknowledged(Number(number));
    else if (word === 'ECHO') emit.echoed(Number(number));
    else if (word === 'NO') emit.error(message);
    else if (word === 'PING') emit.send('PONG');
    else if (word === 'SAID') emit.message();
    else if (word === 'TWO') for (const part of message.slice(4).split('|')) emit.message(part);
  },
};`;

test('a module says what to send, and what the messages of the server mean', async () => {
  const { dialect, receive, events, sent } = await speaking(lines);
  const text = (message: Uint8Array | null) => message && Buffer.from(message).toString();
  dialect.onOpen(3, 5);
  expect(sent()).toEqual([{ connection: 3, message: 'HELLO', binary: false }]);
  expect(events()).toEqual([]);
  expect(dialect).toMatchObject({ binary: false, confirmsJoin: true });
  expect(text(dialect.writeJoin(3, 4))).toBe('JOIN 4');
  expect(text(dialect.writeJoin(3, 5))).toBe('JOIN 4,5');
  expect(text(dialect.writeLeave(3, 4))).toBe('PART 4');
  const payload = payloadOf('é');
  expect(text(dialect.writePublish(3, 4, payload, ID))).toBe(`SAY 4 12 34 ${payload}`);
  expect(text(dialect.writePublish(3, LOBBY, payload, ID))).toBe(`SAY  12 34 ${payload}`);
  expect(text(dialect.writeHeartbeat(3, 9))).toBe('BEAT 9');
  expect(text(dialect.writeEcho(3, 9, 12))).toBe('ECHO 9 .....');
  expect(text(dialect.writeAcknowledgement(3, Buffer.from('..SAID 7!'), 2, 8))).toBe('GOT 7');

  const answers: [message: string, kind: EventKind, sequence: number, text: string][] = [
    ['WELCOME', EventKind.ready, UNKNOWN_SEQUENCE, ''],
    ['IN 4', EventKind.joined, UNKNOWN_SEQUENCE, ''],
    ['BEAT 9', EventKind.pong, 9, ''],
    ['BEATS', EventKind.pong, UNKNOWN_SEQUENCE, ''],
    ['OK 34', EventKind.acknowledged, 34, ''],
    ['ECHO 9', EventKind.message, 9, ''],
    ['NO such room', EventKind.error, UNKNOWN_SEQUENCE, 'NO such room'],
    ['SAID 4 hello', EventKind.message, ANSWERS_NOTHING, ''],
  ];
  for (const [message, kind, sequence, words] of answers) {
    expect(receive(message, Buffer.from('..'), Buffer.from('..')), message).toEqual([
      { connection: 3, kind, sequence, text: words, message },
    ]);
  }
  expect(receive('TWO first|second')).toMatchObject([
    { kind: EventKind.message, message: 'first' },
    { kind: EventKind.message, message: 'second' },
  ]);
  expect(receive('PING')).toEqual([]);
  expect(sent()).toEqual([{ connection: 3, message: 'PONG', binary: false }]);
});

test('what a module leaves out is not said, and needs no answer', async () => {
  const { dialect, events } = await speaking('export const dialect = { receive() {} };');
  dialect.onOpen(3, 5);
  expect(events()).toMatchObject([{ connection: 3, kind: EventKind.ready }]);
  expect(dialect.confirmsJoin).toBe(false);
  const payload = payloadOf('');
  expect([
    dialect.writeJoin(3, 1),
    dialect.writeLeave(3, 1),
    dialect.writePublish(3, 1, payload, ID),
    dialect.writeHeartbeat(3, 1),
    dialect.writeEcho(3, 1, 20),
    dialect.writeAcknowledgement(3, payload, 0, payload.length),
  ]).toEqual([null, null, null, null, null, null]);
  dialect.onClose(3);
  expect(events()).toEqual([]);
});

test('a binary dialect is given bytes and gives bytes, every one of them unchanged', async () => {
  const { dialect, receive, events, sent } = await speaking(`export default {
    binary: true,
    open(emit) { emit.send(Uint8Array.of(0, 255)); },
    publish: (room, payload) => Buffer.concat([Buffer.of(room), payload]),
    receive(message, emit) { emit.message(message.subarray(1)); },
  };`);
  dialect.onOpen(3, 5);
  expect(dialect.binary).toBe(true);
  expect(sent()).toEqual([{ connection: 3, message: '\u0000\u00ff', binary: true }]);
  events();
  const payload = payloadOf(Uint8Array.of(0, 128, 255, 10));
  const message = dialect.writePublish(3, 9, payload, ID)!;
  expect(Buffer.from(message)).toEqual(Buffer.concat([Buffer.of(9), payload]));
  expect(receive(message)).toMatchObject([{ kind: EventKind.message, message: payload.toString('latin1') }]);
});

test('each connection has a session of its own, made anew when it opens again', async () => {
  const { dialect, events } = await speaking(`let opened = 0;
    export default {
      open: () => ({ name: 'session ' + ++opened }),
      heartbeat: (sequence, session) => session.name,
      close(session) { session.name = 'closed'; },
      receive() {},
    };`);
  const named = (connection: number) => String(dialect.writeHeartbeat(connection, 0));
  dialect.onOpen(1, 5);
  dialect.onOpen(2, 5);
  expect([named(1), named(2)]).toEqual(['session 1', 'session 2']);
  dialect.onClose(1);
  dialect.onOpen(1, 6);
  expect([named(1), named(2)]).toEqual(['session 3', 'session 2']);
  expect(events().filter(({ kind }) => kind === EventKind.error)).toEqual([]);
});

test('a session is there at once, or the connection never gets ready', async () => {
  const { dialect, events } = await speaking('export default { open: async () => ({}), receive() {} };');
  dialect.onOpen(3, 5);
  expect(events()).toMatchObject([
    { kind: EventKind.error, text: 'open: gave a promise: a session has to be there at once' },
  ]);
});

test('a function that throws is an error with its name and its words, and has said nothing', async () => {
  const { dialect, receive, events } = await speaking(`const fail = () => { throw new Error('oops'); };
    export default {
      open: fail, join: fail, leave: fail, publish: fail, heartbeat: fail,
      acknowledge: fail, echo: fail, receive: fail, close: fail,
    };`);
  const payload = payloadOf('');
  const calls: Record<string, () => unknown> = {
    open: () => dialect.onOpen(3, 5) ?? null,
    join: () => dialect.writeJoin(3, 1),
    leave: () => dialect.writeLeave(3, 1),
    publish: () => dialect.writePublish(3, 1, payload, ID),
    heartbeat: () => dialect.writeHeartbeat(3, 1),
    echo: () => dialect.writeEcho(3, 1, 20),
    acknowledge: () => dialect.writeAcknowledgement(3, payload, 0, payload.length),
    close: () => dialect.onClose(3) ?? null,
  };
  for (const [name, call] of Object.entries(calls)) {
    expect(call(), name).toBeNull();
    expect(events(), name).toMatchObject([{ connection: 3, kind: EventKind.error, text: `${name}: oops` }]);
  }
  dialect.onOpen(3, 6);
  events();
  expect(receive('hello')).toMatchObject([{ kind: EventKind.error, text: 'receive: oops' }]);
});

test('so is a function that gives what cannot be sent, or says what means nothing', async () => {
  const { dialect, receive, events } = await speaking(`export default {
    publish() {},
    heartbeat: (sequence) => sequence,
    join: async () => 'JOIN',
    echo: () => ({}),
    receive(message, emit) {
      if (message === 'pong') emit.pong('7');
      else if (message === 'message') emit.message(7);
      else emit.acknowledged(NaN);
    },
  };`);
  dialect.onOpen(3, 5);
  events();
  const payload = payloadOf('');
  const calls: [problem: string, call: () => unknown][] = [
    ['publish: gave undefined where text or bytes belong', () => dialect.writePublish(3, 1, payload, ID)],
    ['heartbeat: gave 1 where text or bytes belong', () => dialect.writeHeartbeat(3, 1)],
    ['join: gave a promise where text or bytes belong', () => dialect.writeJoin(3, 1)],
    ['echo: gave an object where text or bytes belong', () => dialect.writeEcho(3, 1, 20)],
  ];
  for (const [text, call] of calls) {
    expect(call(), text).toBeNull();
    expect(events()).toMatchObject([{ kind: EventKind.error, text }]);
  }
  for (const [message, problem] of [
    ['pong', 'gave a string where the number of a message belongs'],
    ['message', 'gave 7 where text or bytes belong'],
    ['else', 'gave NaN where the number of a message belongs'],
  ]) {
    expect(receive(message!)).toMatchObject([{ kind: EventKind.error, text: `receive: ${problem}` }]);
  }
});

test('a function that takes its time may speak later, until its connection ends, and may fail', async () => {
  const { dialect, receive, events, sent } = await speaking(`export default {
    async receive(message, emit) {
      await null;
      if (message === 'fail') throw new Error('x'.repeat(500));
      emit.error(message);
      emit.send(message);
    },
  };`);
  dialect.onOpen(3, 5);
  events();
  expect(receive('later')).toEqual([]);
  await new Promise(setImmediate);
  expect(events()).toMatchObject([{ connection: 3, kind: EventKind.error, text: 'later' }]);
  expect(sent()).toMatchObject([{ message: 'later' }]);
  receive('fail');
  await new Promise(setImmediate);
  expect(events()).toMatchObject([{ kind: EventKind.error, text: `receive: ${'x'.repeat(191)}` }]);
  receive('too late');
  dialect.onClose(3);
  await new Promise(setImmediate);
  expect([events(), sent()]).toEqual([[], []]);
});
