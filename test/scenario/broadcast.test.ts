import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lobby, mistakes, patternsOf } from './lobby.js';
import { parse } from './texts.js';

const LOBBY = { kind: 'join', options: { rooms: null, perConnection: 1, acknowledges: false } };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wsherd-payload-'));
  writeFileSync(join(folder, 'payload.json'), '{"text":"grüße"}');
  writeFileSync(join(folder, 'noise.bin'), new Uint8Array([0xff, 0, 1]));
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(16 * 1024 * 1024 + 1));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('publishing needs nothing but its period', () => {
  const patterns = patternsOf(lobby({ speakers: 'publish: { every: 1s }' }));
  expect(patterns).toEqual({
    speakers: [
      LOBBY,
      {
        kind: 'publish',
        options: {
          everyUs: 1_000_000,
          spacing: 'uniform',
          offset: 'uniform',
          burst: 1,
          room: null,
          ownCopy: 'auto',
          payload: { sizes: [{ sizeBytes: 256, weight: 1 }], content: 'text', file: null, binary: false },
          acknowledge: null,
        },
      },
    ],
  });
});

test('the document shows the defaults of publishing in the words of the file', () => {
  const { document } = parse(
    lobby({ speakers: 'publish: { every: 1s }, acknowledge: {}' }, 'dialect: reliable'),
  );
  expect(document).toMatchObject({
    populations: {
      speakers: {
        publish: {
          every: '1s',
          size: '256B',
          content: 'text',
          frames: 'text',
          spacing: 'uniform',
          offset: 'uniform',
          burst: 1,
          to: 'own',
          ownCopy: 'auto',
        },
        acknowledge: { resendAfter: '3s', queue: 1000 },
      },
    },
  });
});

test('every key of publishing arrives in base units', () => {
  const written =
    'every: 100ms, size: [{ size: 256B, weight: 9 }, { size: 16KiB }], content: noise, frames: binary, ' +
    'spacing: poisson, offset: aligned, burst: 3, to: own, ownCopy: excluded';
  const { speakers } = patternsOf(lobby({ speakers: `publish: { ${written} }` }, 'dialect: echo'));
  expect(speakers?.[1]?.options).toMatchObject({
    everyUs: 100_000,
    spacing: 'poisson',
    offset: 'aligned',
    burst: 3,
    room: null,
    ownCopy: 'excluded',
    payload: {
      sizes: [
        { sizeBytes: 256, weight: 9 },
        { sizeBytes: 16_384, weight: 1 },
      ],
      content: 'noise',
      file: null,
      binary: true,
    },
  });
});

test('as soon as somebody publishes everybody receives, and everybody who joins has rooms', () => {
  const patterns = patternsOf(
    lobby({
      idle: 'arrive: { at: once }',
      listeners: 'join: { rooms: 10 }, heartbeat: {}, read: { bandwidth: 10KB/s }',
      speakers: 'join: { rooms: 10, perConnection: 2 }, publish: { every: 1s, to: { room: 3 } }',
    }),
  );
  expect(patterns).toMatchObject({
    idle: [LOBBY],
    listeners: [
      { kind: 'join', options: { rooms: 10, perConnection: 1 } },
      { kind: 'heartbeat' },
      { kind: 'read', options: { kind: 'bandwidth', bytesPerSecond: 10_000 } },
    ],
    speakers: [
      { kind: 'join', options: { rooms: 10, perConnection: 2 } },
      { kind: 'publish', options: { room: 3 } },
    ],
  });
  expect(patternsOf(lobby({ idle: 'arrive: { at: once }' }))).toEqual({ idle: [] });
});

test('a slow reader reads at a bandwidth or pauses regularly', () => {
  const readOf = (written: string) =>
    patternsOf(lobby({ slow: `read: { ${written} }`, speakers: 'publish: { every: 1s }' })).slow?.[1]
      ?.options;
  expect(readOf('bandwidth: 1MiB/s')).toEqual({ kind: 'bandwidth', bytesPerSecond: 1_048_576 });
  expect(readOf('pause: 5s, every: 30s')).toEqual({ kind: 'pause', forUs: 5_000_000, everyUs: 30_000_000 });
});

test('who publishes sends again what is not acknowledged, and who receives acknowledges', () => {
  const { speakers, listeners } = patternsOf(
    lobby(
      {
        speakers: 'publish: { every: 1s }, acknowledge: { resendAfter: 500ms }',
        listeners: 'acknowledge: {}',
      },
      'dialect: reliable',
    ),
  );
  expect(speakers).toMatchObject([
    { options: { acknowledges: true } },
    { options: { acknowledge: { resendAfterUs: 500_000, queue: 1000 } } },
  ]);
  expect(listeners).toMatchObject([{ options: { acknowledges: true } }]);
});

test('the payload of a file is read with the scenario, from its folder', () => {
  const text = (written: string) =>
    lobby({ speakers: `publish: { every: 1s, ${written} }` }, 'dialect: echo');
  const payloadOf = (written: string) => patternsOf(text(written), { folder }).speakers?.[1]?.options;
  const json = payloadOf('file: payload.json');
  expect(json).toMatchObject({ payload: { sizes: [], binary: false } });
  expect(json).toHaveProperty('payload.file', Buffer.from('{"text":"grüße"}'));
  expect(payloadOf('file: noise.bin, frames: binary')).toMatchObject({ payload: { binary: true } });
  const refusals = {
    'file: noise.bin': `file: noise.bin is not UTF-8 text, as text frames are: write frames: binary`,
    'file: none.json': `file: ${join(folder, 'none.json')} does not exist: check its name and folder`,
    'file: large.bin': `file: ${join(folder, 'large.bin')} has 16777217 bytes: at most 16777216 are read`,
    'file: payload.json, size: 1KiB, content: noise': [
      'size: does not go with file: leave one of them out',
      'content: does not go with file: leave one of them out',
    ],
  };
  for (const [written, expected] of Object.entries(refusals)) {
    expect(mistakes(text(written), { folder }), written).toEqual(
      [expected].flat().map((problem) => `speakers.publish.${problem}`),
    );
  }
  expect(
    mistakes(`${text('file: payload.json')}\nconnect: { maxMessage: 49B }`, { folder }),
    'the file and its marker are 50 bytes long',
  ).toEqual([
    'speakers.publish.file: with its marker, payload.json is more than connect.maxMessage, so every delivery would end its connection: raise maxMessage',
  ]);
  expect(mistakes(`${text('file: payload.json')}\nconnect: { maxMessage: 50B }`, { folder })).toEqual([]);
});
