import { createHash } from 'node:crypto';

/** RFC 6455 section 1.3. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The answer to an upgrade request that named `key`: RFC 6455, section 4.2.2. */
export function switchingProtocols(key: string, moreHeaders: readonly string[]): string {
  const accept = createHash('sha1').update(`${key}${HANDSHAKE_GUID}`).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...moreHeaders,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
