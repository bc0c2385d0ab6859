import { describe, expect, test } from 'vitest';
import { closeCodeWords, closeWeight, closeWords, failureWords } from '../../src/report/words.js';

describe('plain words', () => {
  test('a close code is said by number and meaning, an unknown one by number', () => {
    expect(closeCodeWords(1012)).toBe('1012 service restart');
    expect(closeCodeWords(4401)).toBe('4401 private');
    expect(closeCodeWords(2999)).toBe('2999');
    expect(closeCodeWords(null)).toBe('no code');
  });

  test('a close says who ended it and how', () => {
    expect(closeWords({ initiator: 'server', cause: 'close-frame', code: 1008 })).toBe(
      'the server closed it (1008 policy violation)',
    );
    expect(closeWords({ initiator: 'client', cause: 'close-frame', code: 1000 })).toBe(
      'wsherd closed it (1000 normal)',
    );
    expect(closeWords({ initiator: 'network', cause: 'reset', code: null })).toBe(
      'the connection was reset (RST)',
    );
  });

  test('a close without a frame weighs more than one that the server announced', () => {
    expect(closeWeight({ initiator: 'client', cause: 'local-close', code: 1000 })).toBe('expected');
    expect(closeWeight({ initiator: 'server', cause: 'close-frame', code: 1001 })).toBe('expected');
    expect(closeWeight({ initiator: 'server', cause: 'close-frame', code: 1013 })).toBe('announced');
    expect(closeWeight({ initiator: 'network', cause: 'fin', code: null })).toBe('abnormal');
  });

  test('a failure says what happened, an unknown one its stage and cause', () => {
    expect(failureWords({ stage: 'upgrade', cause: 'http-429' })).toBe(
      'the server answered HTTP 429 (too many requests)',
    );
    expect(failureWords({ stage: 'upgrade', cause: 'http-418' })).toBe('the server answered HTTP 418');
    expect(failureWords({ stage: 'tcp', cause: 'refused' })).toBe('nothing listened on the port');
    expect(failureWords({ stage: 'tls', cause: 'CERT_HAS_EXPIRED' })).toBe(
      'the TLS handshake failed (CERT_HAS_EXPIRED)',
    );
    expect(failureWords({ stage: 'local', cause: 'EPERM' })).toBe('local: EPERM');
    expect(failureWords({ stage: 'dialect', cause: 'join-refused' })).toBe(
      'the application did not let the connection into its room',
    );
    expect(failureWords({ stage: 'dialect', cause: 'not-ready' })).toBe(
      'the application did not say in time that the connection was ready',
    );
  });
});
