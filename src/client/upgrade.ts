import { hash } from 'node:crypto';
import { failure, httpFailure } from './failures.js';
import type { Failure, OpenRequest } from './types.js';

/** RFC 6455 section 1.3. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MAX_HEAD_BYTES = 16 * 1024;
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/;
const LONGEST_COMMON_START = 'HTTP/1.';

/** The head of the upgrade request (RFC 6455 section 4.1), to be written as Latin-1. `extensions` is the offer, or null. */
export function requestText(request: OpenRequest, key: string, extensions: string | null): string {
  let hostHeader = `Host: ${request.endpoint.host}\r\n`;
  let headers = '';
  for (const name in request.headers) {
    const line = `${name}: ${request.headers[name]}\r\n`;
    if (name.toLowerCase() === 'host') hostHeader = line;
    else headers += line;
  }
  if (request.subprotocols.length > 0)
    headers += `Sec-WebSocket-Protocol: ${request.subprotocols.join(',')}\r\n`;
  if (extensions !== null) headers += `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  return (
    `GET ${request.path} HTTP/1.1\r\n${hostHeader}Upgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${headers}\r\n`
  );
}

/** What the answer to `key` must carry as Sec-WebSocket-Accept. */
export function acceptValue(key: string): string {
  return hash('sha1', key + ACCEPT_SUFFIX, 'base64');
}

/**
 * Length of the head at the start of `text` (Latin-1, what has come of the answer so far), or null when its end
 * has not come yet, or the failure when it cannot become the head of an HTTP/1 response.
 */
export function headLength(text: string): number | null | Failure {
  const end = text.indexOf('\r\n\r\n');
  if (end !== -1 && end + 4 <= MAX_HEAD_BYTES) return end + 4;
  if (end !== -1 || text.length > MAX_HEAD_BYTES) {
    return notHttp(`a response head of more than ${MAX_HEAD_BYTES} bytes`);
  }
  const start = LONGEST_COMMON_START.slice(0, text.length);
  // A line feed without its carriage return: the empty line that ends a head would never come.
  if (!text.startsWith(start) || /(?:^|[^\r])\n/.test(text)) return notHttp(text);
  return null;
}

function notHttp(example: string): Failure {
  return failure('upgrade', 'not-http', example);
}

/** What a 101 answer agreed to. */
export interface Agreement {
  readonly subprotocol: string;
  /** The value of Sec-WebSocket-Extensions, or null. */
  readonly extensions: string | null;
}

/**
 * Checks the head of an answer as RFC 6455 section 4.1 asks of a client; extensions are left to the caller.
 * @param accept What it must carry as Sec-WebSocket-Accept.
 */
export function checkAnswer(
  head: string,
  accept: string,
  subprotocols: readonly string[],
): Agreement | Failure {
  const lines = head.slice(0, -4).split('\r\n');
  const statusLine = lines[0] ?? '';
  const status = STATUS_LINE.exec(statusLine)?.[1];
  if (status === undefined) return notHttp(statusLine);
  const headers = new Map<string, string>();
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const colon = line.indexOf(':');
    if (colon < 1) return notHttp(line);
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  if (status !== '101') {
    return httpFailure(Number(status), statusLine, headers.get('location'), headers.get('retry-after'));
  }
  return checkUpgrade(headers, accept, subprotocols);
}

function checkUpgrade(
  headers: ReadonlyMap<string, string>,
  accept: string,
  subprotocols: readonly string[],
): Agreement | Failure {
  const upgrade = headers.get('upgrade') ?? '';
  if (upgrade.toLowerCase() !== 'websocket') return failure('upgrade', 'bad-accept', `Upgrade: ${upgrade}`);
  const connection = headers.get('connection') ?? '';
  if (!/(?:^|,)\s*upgrade\s*(?:,|$)/i.test(connection)) {
    return failure('upgrade', 'bad-accept', `Connection: ${connection}`);
  }
  const given = headers.get('sec-websocket-accept') ?? '';
  if (given !== accept) return failure('upgrade', 'bad-accept', `Sec-WebSocket-Accept: ${given}`);
  const subprotocol = headers.get('sec-websocket-protocol') ?? '';
  // As browsers do, and `ws`: when we offered some, the server must choose one.
  const fits = subprotocols.length === 0 ? subprotocol === '' : subprotocols.includes(subprotocol);
  if (!fits) return failure('upgrade', 'bad-subprotocol', `Sec-WebSocket-Protocol: ${subprotocol}`);
  return { subprotocol, extensions: headers.get('sec-websocket-extensions') ?? null };
}
