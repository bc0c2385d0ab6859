import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { defineDialect } from '../../src/dialects/defineDialect.js';
import { type DialectWord, loadDialect } from '../../src/dialects/list.js';
import { UsageError } from '../../src/errors.js';
import { scratchFile } from '../support/scratch.js';

async function refusal(file: string, words: readonly DialectWord[] = []): Promise<string> {
  const loading = loadDialect({ kind: 'module', file, url: pathToFileURL(file).href }, words);
  const error: unknown = await loading.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message.replaceAll(file, 'FILE') : '';
}

test('a module without a dialect in it is refused with how to write one', async () => {
  const message = 'The dialect FILE exports no dialect: write export default defineDialect({ ... }).';
  for (const source of ['', 'export const other = {};', 'export default 7;', 'export default null;'])
    expect(await refusal(scratchFile('mine.mjs', source)), source).toBe(message);
});

test('everything that a dialect lacks is named at once', async () => {
  const file = scratchFile('mine.mjs', 'export default { join: "JOIN", binary: "yes", publish() {} };');
  expect(await refusal(file)).toBe(
    [
      'The dialect FILE has join, which must be a function.',
      'The dialect FILE has binary, which must be true or false.',
      'The dialect FILE lacks receive(message, emit), which says what the messages of the server mean: add it.',
    ].join('\n'),
  );
  const mute = scratchFile('mute.mjs', 'export default { receive() {}, echo() {} };');
  expect(await refusal(mute, ['join', 'publish', 'heartbeat', 'acknowledge', 'echo', 'bytes'])).toBe(
    [
      'The dialect FILE lacks join(room), which the scenario needs: add it.',
      'The dialect FILE lacks publish(room, payload, id), which the scenario needs: add it.',
      'The dialect FILE lacks heartbeat(sequence), which the scenario needs: add it.',
      'The dialect FILE lacks acknowledge(message), which the scenario needs: add it.',
      'The dialect FILE is made of text, and the scenario publishes bytes: add binary: true.',
    ].join('\n'),
  );
});

test('defineDialect knows whether messages are text or bytes, and what a session is', () => {
  const text = defineDialect({
    open: () => ({ rooms: 0 }),
    join: (room, session) => `JOIN ${room} after ${session.rooms++}`,
    publish: (room, payload) => `${room} ${payload.toUpperCase()}`,
    receive: (message, emit) => emit.message(message.trim()),
  });
  const bytes = defineDialect({
    binary: true,
    publish: (_room, payload) => payload.subarray(1),
    receive: (message, emit) => emit.pong(message.readUInt8(0)),
  });
  expect(text.publish?.(1, 'a', { publisher: 1, sequence: 2 }, { rooms: 0 })).toBe('1 A');
  expect(bytes.binary).toBe(true);
});
