import { wallClockMs } from '../clock.js';
import type { Close, CloseCause, Failure, FailureStage } from './types.js';

const MAX_EXAMPLE_CHARACTERS = 200;

/** A failure of an attempt; `example` is cut to one line of 200 characters. */
export function failure(
  stage: FailureStage,
  cause: string,
  example: string,
  retryAfterUs: number | null = null,
): Failure {
  const line = example.split(/\r?\n/, 1)[0] ?? '';
  return { stage, cause, example: line.slice(0, MAX_EXAMPLE_CHARACTERS), retryAfterUs };
}

/** Our own side ran out of something, whichever stage it happened in. */
const localCauses: Readonly<Record<string, string>> = {
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
  EADDRNOTAVAIL: 'address-exhausted',
  EADDRINUSE: 'address-exhausted',
};

const networkCauses: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};

/** Somebody has the source address and port already: bound, or with the same peer. */
export function isAddressTaken(error: Error): boolean {
  const code = errorCode(error);
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL';
}

/** Names a socket's error while the attempt was in `stage`; a code without a name of its own stays as it is. */
export function socketFailure(stage: FailureStage, error: Error): Failure {
  const code = errorCode(error);
  const local = localCauses[code];
  if (local !== undefined) return failure('local', local, error.message);
  return failure(stage, networkCauses[code] ?? (code || 'error'), error.message);
}

/** The server answered the upgrade with something else than 101. `retryAfter` and `location` are header values. */
export function httpFailure(
  status: number,
  statusLine: string,
  location: string | undefined,
  retryAfter: string | undefined,
): Failure {
  const example = location === undefined ? statusLine : `${statusLine}, Location: ${location}`;
  return failure('upgrade', `http-${status}`, example, retryAfterUs(retryAfter));
}

/** RFC 9110 section 10.2.3: whole seconds or a date; null for anything else. */
function retryAfterUs(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1_000_000;
  // biome-ignore lint/style/noRestrictedGlobals: this reads a header, not a clock
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - wallClockMs()) * 1000;
}

/** The handshake deadline passed during `stage`. */
export function handshakeTimeout(stage: FailureStage, timeoutUs: number): Failure {
  return failure(stage, 'timeout', `the handshake was not complete after ${timeoutUs / 1000} ms`);
}

/** The `code` of a system, TLS or `ws` error, or the empty string. */
export function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The stream ended with FIN, without a completed close handshake. */
export function finClose(): Close {
  return { initiator: 'network', code: null, cause: 'fin', example: '' };
}

/** The stream broke, without a completed close handshake: ECONNRESET, EPIPE, or what else the system said. */
export function resetClose(error: Error): Close {
  return { initiator: 'network', code: null, cause: 'reset', example: error.message };
}

/** We cut the connection off without awaiting the peer. */
export function localClose(cause: CloseCause, example: string): Close {
  return { initiator: 'client', code: null, cause, example };
}
