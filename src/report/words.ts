/** Plain words for what the record says in codes. */
import { isAbnormal } from '../result/endings.js';
import type { CloseCount } from '../result/types.js';
import { count } from './numbers.js';
import { escapeTerminal } from './visible.js';

/** RFC 6455, 7.4.1, and the IANA registry of close codes. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: 'normal',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1007: 'invalid payload',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'mandatory extension',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  3000: 'unauthorized',
  3003: 'forbidden',
  3008: 'timeout',
};

/** `1012 service restart`; a code without a public meaning stands alone. */
export function closeCodeWords(code: number | null): string {
  if (code === null) return 'no code';
  const words = CLOSE_CODES[code] ?? (code >= 4000 && code <= 4999 ? 'private' : '');
  return words === '' ? String(code) : `${code} ${words}`;
}

type Ending = Pick<CloseCount, 'initiator' | 'code' | 'cause'>;

/** How a connection ended, as a clause: `the server closed it (1012 service restart)`. */
export function closeWords({ initiator, code, cause }: Ending): string {
  switch (cause) {
    case 'close-frame':
      return `${initiator === 'client' ? 'wsherd' : 'the server'} closed it (${closeCodeWords(code)})`;
    case 'fin':
      return 'the stream ended without a close frame (FIN)';
    case 'reset':
      return 'the connection was reset (RST)';
    case 'target-exit':
      return 'the target went down';
    case 'fault':
      return 'wsherd cut it on purpose (fault)';
    case 'heartbeat-timeout':
      return 'wsherd gave up waiting for a heartbeat';
    case 'protocol-error':
      return `the server broke the protocol (${closeCodeWords(code)})`;
    case 'message-too-big':
      return `the server sent too big a message (${closeCodeWords(code)})`;
    case 'invalid-utf8':
      return `the server sent invalid UTF-8 (${closeCodeWords(code)})`;
    case 'local-close':
      return `wsherd closed it at the end (${closeCodeWords(code)})`;
    case 'local-abort':
      return 'wsherd cut it off: the server did not answer the close in time';
  }
}

/**
 * How much an ending matters: `expected` was asked for by the run, `announced` the server said it with a close
 * frame, `abnormal` is the rest.
 */
export function closeWeight(close: Ending): 'expected' | 'announced' | 'abnormal' {
  if (!isAbnormal(close)) return 'expected';
  return close.cause === 'close-frame' ? 'announced' : 'abnormal';
}

export function abnormalCloses(closes: readonly CloseCount[]): number {
  return closes.reduce((sum, close) => sum + (isAbnormal(close) ? close.count : 0), 0);
}

const FAILURES: Readonly<Record<string, string>> = {
  'local:too-many-files': 'this machine ran out of file descriptors',
  'local:address-exhausted': 'this machine ran out of local ports',
  'local:local-abort': 'wsherd cut the attempt off',
  'tcp:refused': 'nothing listened on the port',
  'tcp:timeout': 'no answer to the TCP connect in time',
  'tcp:reset': 'the connection was reset while connecting',
  'tcp:unreachable': 'no way to the address',
  'upgrade:bad-accept': 'the answer did not prove a WebSocket server (Sec-WebSocket-Accept)',
  'upgrade:timeout': 'no answer to the upgrade in time',
  'upgrade:reset': 'the server reset the connection during the upgrade',
  'upgrade:fin': 'the server ended the stream instead of answering the upgrade',
  'upgrade:bad-subprotocol': 'the server chose a subprotocol that does not fit the offer',
  'upgrade:bad-extension': 'the server chose an extension that does not fit the offer',
  'upgrade:not-http': 'the answer was not HTTP',
  'dialect:error': 'the application reported an error',
  'dialect:join-refused': 'the application did not let the connection into its room',
  'dialect:not-ready': 'the application did not say in time that the connection was ready',
};

const HTTP_STATUSES: Readonly<Record<string, string>> = {
  '200': 'OK, but no upgrade',
  '400': 'bad request',
  '401': 'unauthorized',
  '403': 'forbidden',
  '404': 'not found',
  '426': 'upgrade required',
  '429': 'too many requests',
  '500': 'internal server error',
  '502': 'bad gateway',
  '503': 'service unavailable',
  '504': 'gateway timeout',
};

interface FailedAt {
  readonly stage: string;
  readonly cause: string;
}

/** Why an attempt did not open, as a clause: `the server answered HTTP 503 (service unavailable)`. */
export function failureWords({ stage, cause }: FailedAt): string {
  const known = FAILURES[`${stage}:${cause}`];
  if (known !== undefined) return known;
  const status = /^http-(\d{3})$/.exec(cause)?.[1];
  if (status !== undefined) {
    const words = HTTP_STATUSES[status];
    return `the server answered HTTP ${status}${words === undefined ? '' : ` (${words})`}`;
  }
  if (stage === 'dns') return `the name did not resolve (${cause})`;
  if (stage === 'tls') return `the TLS handshake failed (${cause})`;
  return `${stage}: ${cause}`;
}

/** The same for a key of the record's bins, `tcp:refused`. */
export function causeWords(key: string): string {
  return failureWords(splitCause(key));
}

const MOST_LETTERS = 32;

/** Short, for charts: `tcp refused`, `HTTP 503`. */
export function causeName(key: string): string {
  const { stage, cause } = splitCause(key);
  const status = /^http-(\d{3})$/.exec(cause)?.[1];
  const name = status === undefined ? `${stage} ${cause}` : `HTTP ${status}`;
  return escapeTerminal(name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS)}...` : name);
}

function splitCause(key: string): FailedAt {
  const colon = key.indexOf(':');
  return { stage: key.slice(0, Math.max(0, colon)), cause: key.slice(colon + 1) };
}

/** `all 12`, or `12 of 40`. */
export function outOf(part: number, whole: number): string {
  return part === whole ? `all ${count(whole)}` : `${count(part)} of ${count(whole)}`;
}
