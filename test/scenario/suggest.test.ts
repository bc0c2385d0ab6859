import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, editDistance, suggest } from '../../src/scenario/suggest.js';

test('the edit distance counts inserted, deleted, replaced and swapped letters', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('tsl', 'tls')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('every', 'every')).toBe(0);
});

test('the edit distance is the same in both directions, and 0 only for equal words', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('a typing mistake brings the word that was meant, anything else the whole list', () => {
  const words = ['connections', 'arrive', 'lifetime', 'heartbeat', 'echo'];
  expect(closest('conections', words)).toBe('connections');
  expect(closest('heartBeat', words)).toBe('heartbeat');
  expect(suggest('lifetme', words)).toBe(', did you mean "lifetime"?');
  expect(suggest('zzz', words)).toBe(': there are connections, arrive, lifetime, heartbeat, echo');
});
