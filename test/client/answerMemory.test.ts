import { expect, test } from 'vitest';
import { AnswerMemory } from '../../src/client/answerMemory.js';
import { acceptValue } from '../../src/client/upgrade.js';

const NONE: readonly string[] = [];

function answer(accept: string, more = ''): string {
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;
}

test('an answer like the last one is taken only with the accept value of its own key', () => {
  const memory = new AnswerMemory();
  expect(memory.check(answer(acceptValue('a')), 'a', NONE)).toEqual({ subprotocol: '', extensions: null });
  expect(memory.check(answer(acceptValue('b')), 'b', NONE)).toEqual({ subprotocol: '', extensions: null });
  expect(memory.check(answer(acceptValue('a')), 'b', NONE)).toMatchObject({ cause: 'bad-accept' });
  expect(memory.check(answer(acceptValue('c')), 'c', NONE)).toEqual({ subprotocol: '', extensions: null });
});

test('an answer that differs from the last one is read anew', () => {
  const memory = new AnswerMemory();
  memory.check(answer(acceptValue('a')), 'a', NONE);
  const offered = ['chat'];
  expect(memory.check(answer(acceptValue('b'), 'Sec-WebSocket-Protocol: chat\r\n'), 'b', offered)).toEqual({
    subprotocol: 'chat',
    extensions: null,
  });
  expect(memory.check(answer(acceptValue('c'), 'Sec-WebSocket-Protocol: chat\r\n'), 'c', NONE)).toMatchObject(
    {
      cause: 'bad-subprotocol',
    },
  );
  expect(memory.check(answer(acceptValue('d')), 'd', offered)).toMatchObject({ cause: 'bad-subprotocol' });
});
