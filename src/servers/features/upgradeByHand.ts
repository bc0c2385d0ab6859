import type { IncomingMessage } from 'node:http';
import type { Feature } from '../feature.js';
import { invalidUpgrade } from '../refusal.js';
import { switchingProtocols } from '../switchingProtocols.js';

/** 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** A token of RFC 9110, section 5.6.2. */
const SUBPROTOCOL = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Answers upgrade requests itself, by the steps of RFC 6455, section 4.2, instead of leaving them to ws: it takes no
 * extensions, and the first subprotocol that is offered.
 */
export const upgradeByHand: Feature = ({ refuse }) => ({
  onUpgrade: (request, socket) => {
    const problem = problemWith(request);
    if (problem !== null) {
      refuse(socket, invalidUpgrade(request, problem));
      return 'done';
    }
    const { 'sec-websocket-key': key = '', 'sec-websocket-protocol': offered } = request.headers;
    const [subprotocol] = subprotocolsIn(offered);
    const headers = subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`];
    socket.write(switchingProtocols(key, headers));
    return 'switched';
  },
});

/** What section 4.2.1 does not allow, as a sentence; null when all is well. */
function problemWith({
  method,
  httpVersionMajor,
  httpVersionMinor,
  headers,
}: IncomingMessage): string | null {
  if (method !== 'GET') return 'The method must be GET.';
  if (httpVersionMajor < 1 || (httpVersionMajor === 1 && httpVersionMinor < 1)) {
    return 'The request must be HTTP/1.1 at least.';
  }
  if (headers.upgrade?.toLowerCase() !== 'websocket') return 'The Upgrade header must be websocket.';
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) return 'Sec-WebSocket-Key must be 16 bytes in base64.';
  if (headers['sec-websocket-version'] !== '13') return 'Sec-WebSocket-Version must be 13.';
  const subprotocols = subprotocolsIn(headers['sec-websocket-protocol']);
  if (!subprotocols.every((name) => SUBPROTOCOL.test(name))) {
    return 'Sec-WebSocket-Protocol must be a list of names.';
  }
  return null;
}

function subprotocolsIn(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(',').map((name) => name.trim());
}
