import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** An answer to an upgrade request that is not 101. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes the HTTP response and ends the connection. */
export function writeRefusal(socket: Duplex, { status, headers = {}, body }: Refusal): void {
  const statusText = STATUS_CODES[status] ?? 'Refused';
  const text = body ?? `${statusText}\n`;
  const allHeaders = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  };
  const lines = Object.entries(allHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  // Half of the connection would stay with us if the client did not end its own side.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${statusText}\r\n${lines.join('')}\r\n${text}`);
}

/** The answer to an upgrade request that breaks RFC 6455, section 4.2.1. */
export function invalidUpgrade(request: IncomingMessage, whatIsWrong: string): Refusal {
  const body = `${whatIsWrong}\n`;
  if (request.method !== 'GET') return { status: 405, headers: { Allow: 'GET' }, body };
  if (request.headers['sec-websocket-version'] === '13') return { status: 400, body };
  return { status: 426, headers: { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }, body };
}
