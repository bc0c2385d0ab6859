import { switchingProtocols } from '../switchingProtocols.js';
import type { Attempt } from './way.js';

const RETRY_AFTER_S = 2;

/** Answers by the HTTP status in the path; those that mean "later" say when. */
export function refuseWithStatus({ argument, refuse }: Attempt): void {
  const status = Number(argument);
  const headers = status === 429 || status === 503 ? { 'Retry-After': String(RETRY_AFTER_S) } : {};
  refuse({ status, headers });
}

export function redirect({ refuse }: Attempt): void {
  refuse({ status: 302, headers: { Location: '/stay' } });
}

/** What a web server answers that knows nothing of WebSockets. */
export function answerPage({ refuse }: Attempt): void {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' };
  refuse({ status: 200, headers, body: '<!doctype html><title>Welcome</title><p>A page, no WebSocket.\n' });
}

/** Speaks another protocol. */
export function answerGarbage({ socket }: Attempt): void {
  socket.end('SSH-2.0-this_is_not_HTTP\r\n');
}

/** Switches protocols with an accept value that belongs to another key. */
export function answerBadAccept({ socket }: Attempt): void {
  socket.write(switchingProtocols('not the key of the client', []));
}

/** Selects a subprotocol that the client has not offered. */
export function selectUnknownSubprotocol({ socket, request }: Attempt): void {
  const key = request.headers['sec-websocket-key'] ?? '';
  socket.write(switchingProtocols(key, ['Sec-WebSocket-Protocol: nobody.offered.this']));
}

/** Takes the request and never says a word. */
export function neverAnswer(): void {}

export function endBeforeUpgrade({ socket }: Attempt): void {
  socket.end();
}

export function resetBeforeUpgrade({ transport }: Attempt): void {
  transport.resetAndDestroy();
}
