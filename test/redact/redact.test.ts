import { expect, test } from 'vitest';
import { redactor } from '../../src/redact.js';

test('secrets are replaced wherever they turn up', () => {
  const clean = redactor(['s3cr3t', 'hunter22']);
  expect(clean('token=s3cr3t; s3cr3t, hunter22!')).toBe('token=[redacted]; [redacted], [redacted]!');
  expect(clean('nothing to hide')).toBe('nothing to hide');
});

test('a secret that is part of another leaves nothing of the longer one', () => {
  expect(redactor(['abcd', 'abcdefgh'])('x abcdefgh y abcd')).toBe('x [redacted] y [redacted]');
});

test('a secret is text, not a pattern', () => {
  expect(redactor(['a.*b$&'])('axxb a.*b$& ')).toBe('axxb [redacted] ');
});

test('what is too short to be a secret stays, and an empty one does no harm', () => {
  expect(redactor(['', 'on', 'yes'])('turn it on, yes')).toBe('turn it on, yes');
});

test('a text that was cut off within a secret does not give its beginning away', () => {
  const clean = redactor(['0123456789abcdef']);
  expect(clean('token 0123456789abc')).toBe('token [redacted]');
  expect(clean('token 0123456789abcdef')).toBe('token [redacted]');
  expect(clean('in 01234')).toBe('in 01234');
});
