import { expect, test } from 'vitest';
import { lobby, mistakes } from './lobby.js';
import { problemsOf } from './texts.js';

const speaking = (settings: string) => ({ speakers: `publish: { every: 1s, ${settings} }` });

test('every mistake about broadcasting comes at once, each with its line, its column and what was meant', () => {
  const text = `version: 1
target: { url: ws://127.0.0.1:8080/ }
dialect: echo
populations:
  listeners:
    connections: 100
    join: { rooms: 10, perConnection: 11 }
    read: { pause: 5s, every: 5s }
  speakers:
    connections: 10
    publish: { every: 1s, size: 31B, to: { room: 10 } }
    acknowledge: {}
    heartbeat: { by: message }
  writers:
    connections: 10
    publish: { evry: 100us, size: [{ size: 12, weigth: 2 }], content: words, ownCopy: yes, burst: 0, to: { rom: 1 } }
    read: { bandwith: 10KB, pause: 1s }
    join: { perConnection: 0 }
`;
  const shape = [
    'my.yaml:16:5 populations.writers.publish.every: is missing, write for example 1s',
    'my.yaml:16:16 populations.writers.publish.evry: is not a known key, did you mean "every"?',
    'my.yaml:16:44 populations.writers.publish.size.0.size: 12 has no unit: write 12KiB (units: B, KB, KiB, MB, MiB, GiB)',
    'my.yaml:16:48 populations.writers.publish.size.0.weigth: is not a known key, did you mean "weight"?',
    'my.yaml:16:71 populations.writers.publish.content: "words" is not known: there are text, noise',
    'my.yaml:16:87 populations.writers.publish.ownCopy: "yes" is not known: there are auto, expected, excluded',
    'my.yaml:16:99 populations.writers.publish.burst: must be at least 1',
    'my.yaml:16:102 populations.writers.publish.to.room: is missing, write for example 3',
    'my.yaml:16:108 populations.writers.publish.to.rom: is not a known key, did you mean "room"?',
    'my.yaml:17:13 populations.writers.read.bandwith: is not a known key, did you mean "bandwidth"?',
    'my.yaml:17:36 populations.writers.read.pause: needs every, such as every: 30s',
    'my.yaml:18:5 populations.writers.join.rooms: is missing, write for example 10',
    'my.yaml:18:28 populations.writers.join.perConnection: must be at least 1',
  ];
  const problems = problemsOf(text);
  expect(problems.filter((problem) => problem.includes('writers'))).toEqual(shape);
  // Who else publishes and joins is not known as long as one population cannot be read.
  expect(problems.filter((problem) => !problem.includes('writers'))).toEqual([
    'my.yaml:7:5 populations.listeners.join: the dialect echo has no rooms: leave join out, so that everybody is in one room, or speak one that has them, such as dialect: json',
    'my.yaml:7:39 populations.listeners.join.perConnection: is more than the 10 rooms that there are: a connection joins each of them once at the most',
    'my.yaml:8:20 populations.listeners.read.pause: must be shorter than every: between two pauses a connection reads',
    'my.yaml:11:33 populations.speakers.publish.size: must be at least 32B: the marker has to fit',
    'my.yaml:12:5 populations.speakers.acknowledge: the dialect echo has no acknowledgements of what is published: leave acknowledge out, or speak one that has them, such as dialect: reliable',
    'my.yaml:13:22 populations.speakers.heartbeat.by: in the dialect echo the heartbeats of others, passed on to everybody, would be taken for answers: write by: ping, or dialect: json',
  ]);
});

test('sizes have to hold the marker and fit into a message', () => {
  expect(mistakes(lobby(speaking('size: [{ size: 1KiB }, { size: 17MiB }, { size: 8B }]')))).toEqual([
    'speakers.publish.size.1.size: is more than connect.maxMessage, so every delivery would end its connection: raise maxMessage',
    'speakers.publish.size.2.size: must be at least 32B: the marker has to fit',
  ]);
  expect(mistakes(lobby(speaking('size: 32B')))).toEqual([]);
  expect(mistakes(lobby(speaking('size: 256')))).toEqual([
    'speakers.publish.size: 256 has no unit: write 256KiB (units: B, KB, KiB, MB, MiB, GiB)',
  ]);
  expect(mistakes(lobby(speaking('size: []')))).toEqual(['speakers.publish.size: must have at least 1 item']);
  expect(mistakes(lobby({ speakers: 'publish: { every: 999us }' }))).toEqual([
    'speakers.publish.every: must be at least 1ms',
  ]);
});

test('a slow reader is slow in exactly one way', () => {
  const reading = (settings: string) =>
    mistakes(lobby({ ...speaking('burst: 1'), slow: `read: { ${settings} }` })).map((problem) =>
      problem.replace('slow.', ''),
    );
  expect(reading('')).toEqual(['read: needs one of bandwidth, pause']);
  expect(reading('bandwidth: 10KB/s, pause: 1s, every: 2s')).toEqual([
    'read.pause: has bandwidth and pause: write only one of them',
  ]);
  expect(reading('bandwidth: 10KB/s, every: 2s')).toEqual([
    'read.every: goes only with pause: leave it out, or add pause',
  ]);
  expect(reading('bandwidth: 10KB')).toEqual([
    'read.bandwidth: "10KB" is not a bandwidth: write one such as 10KB/s (units: B/s, KB/s, KiB/s, MB/s, MiB/s, GiB/s)',
  ]);
});

test('what a dialect has no words for is refused', () => {
  const rooms = (dialect: string) =>
    mistakes(lobby({ speakers: 'join: { rooms: 2 }, publish: { every: 1s }' }, `dialect: ${dialect}`));
  for (const dialect of ['echo', 'heartbeat']) {
    expect(rooms(dialect)).toEqual([
      `speakers.join: the dialect ${dialect} has no rooms: leave join out, so that everybody is in one room, or speak one that has them, such as dialect: json`,
    ]);
  }
  for (const dialect of ['json', 'chat-b', 'reliable']) expect(rooms(dialect), dialect).toEqual([]);
  expect(mistakes(lobby({ ...speaking('frames: binary'), idle: 'acknowledge: {}' }))).toEqual([
    'speakers.publish.frames: the dialect json is text: write frames: text, or leave it out',
    'idle.acknowledge: the dialect json has no words to acknowledge receipts: leave acknowledge out, or speak one that has them, such as dialect: reliable',
  ]);
});

test('where a connection is in one room at a time it can join no more', () => {
  const joining = (perConnection: number, dialect: string) =>
    mistakes(
      lobby(
        { a: `join: { rooms: 3, perConnection: ${perConnection} }, publish: { every: 1s }` },
        `dialect: ${dialect}`,
      ),
    );
  expect(joining(2, 'chat-c')).toEqual([
    'a.join.perConnection: in the dialect chat-c a connection is in one room at a time: write 1',
  ]);
  expect(joining(1, 'chat-c')).toEqual([]);
  expect(joining(3, 'chat-b')).toEqual([]);
});

test('a dialect of the scenario itself lacks what it says it lacks, and may be given it', () => {
  const speaking = { a: 'join: { rooms: 2 }, publish: { every: 1s }, acknowledge: {}', b: 'acknowledge: {}' };
  expect(mistakes(lobby(speaking, 'dialect: { json: { join: off } }'))).toEqual([
    'a.join: the dialect json has no rooms: leave join out, so that everybody is in one room, or write dialect.json.join',
    'a.acknowledge: the dialect json has no acknowledgements of what is published: leave acknowledge out, or write dialect.json.expect.acknowledged',
    'b.acknowledge: the dialect json has no words to acknowledge receipts: leave acknowledge out, or write dialect.json.acknowledge',
  ]);
  const able =
    'dialect: { json: { publish: { id: "${id}", text: "${payload}" }, acknowledge: { got: "${id}" }, expect: { acknowledged: { got: "${id}" } } } }';
  expect(mistakes(lobby(speaking, able))).toEqual([]);
});

test('who publishes nothing has nothing to send again', () => {
  const text = lobby(
    { ...speaking('burst: 1'), listeners: 'acknowledge: { resendAfter: 1s, queue: 5 }' },
    'dialect: reliable',
  );
  expect(mistakes(text)).toEqual([
    'listeners.acknowledge.resendAfter: goes only with publish: leave it out, or add publish',
    'listeners.acknowledge.queue: goes only with publish: leave it out, or add publish',
  ]);
});

test('receiving without anybody who publishes is a mistake', () => {
  const reason =
    'no population publishes, so nothing would be received: write publish in one, such as publish: { every: 1s }, or leave this out';
  const receiving = { a: 'join: { rooms: 2 }, acknowledge: {}', b: 'read: { bandwidth: 1KB/s }' };
  expect(mistakes(lobby(receiving))).toEqual([
    `a.join: ${reason}`,
    `a.acknowledge: ${reason}`,
    `b.read: ${reason}`,
  ]);
});

test('a room to publish to exists and somebody is in it', () => {
  const toRoom = (room: number, listeners: string) =>
    mistakes(lobby({ ...speaking(`to: { room: ${room} }`), listeners }));
  const place = 'speakers.publish.to.room';
  expect(toRoom(3, 'heartbeat: {}')).toEqual([
    `${place}: there are no rooms: write join in a population, such as join: { rooms: 10 }`,
  ]);
  expect(toRoom(3, 'join: { rooms: 4 }')).toEqual([]);
  expect(toRoom(4, 'join: { rooms: 4 }')).toEqual([`${place}: there is no room 4: rooms are 0 to 3`]);
  expect(toRoom(9, 'join: { rooms: 11 }')).toEqual([]);
  expect(toRoom(10, 'join: { rooms: 11 }')).toEqual([
    `${place}: nobody is in room 10: ask for fewer rooms, or for more connections that join`,
  ]);
  expect(mistakes(lobby(speaking('to: everybody')))).toEqual([
    'speakers.publish.to: must be own, or one room such as { room: 3 }',
  ]);
});

test('publishing into rooms where each is alone is a mistake where own copies are ruled out', () => {
  const alone = (ownCopy: string, listeners: string) =>
    mistakes(
      lobby({ speakers: `join: { rooms: 10 }, publish: { every: 1s, ownCopy: ${ownCopy} }`, listeners }),
    );
  const problem =
    'speakers.publish: each of its connections is alone in its rooms, so nothing would be received: give other populations the same join, or write ownCopy: expected';
  expect(alone('excluded', 'heartbeat: {}')).toEqual([problem]);
  expect(alone('expected', 'heartbeat: {}')).toEqual([]);
  expect(alone('auto', 'heartbeat: {}')).toEqual([]);
  expect(alone('excluded', 'join: { rooms: 10 }')).toEqual([]);
});

test('there are no more publishers and rooms than markers can tell apart', () => {
  const publishing = (connections: number) =>
    mistakes(lobby({ a: 'publish: { every: 1s }', b: 'publish: { every: 1s }' }), {
      set: [`populations.a.connections=${connections}`, 'populations.b.connections=8000000'],
    });
  expect(publishing(8_777_215)).toEqual([]);
  expect(publishing(8_777_216)).toEqual([
    'populations: 16777216 connections publish: markers can tell 16777215 apart, let fewer of them publish',
  ]);
  expect(mistakes(lobby({ a: 'join: { rooms: 262144 }, publish: { every: 1s }' }))).toEqual([
    'a.join.rooms: must be at most 262143',
  ]);
});
