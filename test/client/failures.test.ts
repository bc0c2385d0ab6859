import { describe, expect, test } from 'vitest';
import { failure, httpFailure, socketFailure } from '../../src/client/failures.js';

const systemError = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:9`), { code });

describe('the error of a socket', () => {
  test.each([
    ['EMFILE', 'local', 'too-many-files'],
    ['EADDRNOTAVAIL', 'local', 'address-exhausted'],
    ['EADDRINUSE', 'local', 'address-exhausted'],
    ['ECONNREFUSED', 'tcp', 'refused'],
    ['ECONNRESET', 'tcp', 'reset'],
    ['ETIMEDOUT', 'tcp', 'timeout'],
    ['EHOSTUNREACH', 'tcp', 'unreachable'],
    ['ENETUNREACH', 'tcp', 'unreachable'],
    ['ESOMETHING', 'tcp', 'ESOMETHING'],
  ])('%s while connecting is %s %s', (code, stage, cause) => {
    expect(socketFailure('tcp', systemError(code))).toMatchObject({ stage, cause });
  });

  test('keeps the code of a TLS error', () => {
    const error = systemError('CERT_HAS_EXPIRED');
    expect(socketFailure('tls', error)).toMatchObject({ stage: 'tls', cause: 'CERT_HAS_EXPIRED' });
  });
});

test('an example is one line of 200 characters at most', () => {
  expect(failure('upgrade', 'not-http', 'first\r\nsecond').example).toBe('first');
  expect(failure('upgrade', 'not-http', 'x'.repeat(1_000)).example).toHaveLength(200);
});

test('a Retry-After date that has passed is no wait at all', () => {
  const past = 'Sun, 06 Nov 1994 08:49:37 GMT';
  expect(httpFailure(503, 'HTTP/1.1 503 Busy', undefined, past).retryAfterUs).toBe(0);
});
