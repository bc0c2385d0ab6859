import { ANSWERS_NOTHING, type CreateDialect, createEvent, EventKind, UNKNOWN_SEQUENCE } from './dialect.js';

/**
 * Raw payloads that the server sends back unchanged. A message begins with its kind and its sequence number:
 *
 *     h000002a            heartbeat 42
 *     e000002aeeeeeeee... message 42, padded to its size
 */
export const createEchoDialect: CreateDialect = (_connections, listener) => {
  const heartbeat = Buffer.alloc(SEQUENCE_END);
  heartbeat[0] = HEARTBEAT;
  let message = Buffer.alloc(0);
  const event = createEvent();

  return {
    binary: false,

    onOpen(connection, nowUs) {
      event.kind = EventKind.ready;
      listener.onDialectEvent(connection, event, nowUs);
    },

    receive(connection, buffer, start, end, _binary, receivedUs) {
      const sequence = end - start < SEQUENCE_END ? UNKNOWN_SEQUENCE : readSequence(buffer, start + 1);
      const first = sequence === UNKNOWN_SEQUENCE ? undefined : buffer[start];
      event.kind = first === HEARTBEAT ? EventKind.pong : EventKind.message;
      event.sequence = first === HEARTBEAT || first === MESSAGE ? sequence : ANSWERS_NOTHING;
      event.buffer = buffer;
      event.start = start;
      event.end = end;
      listener.onDialectEvent(connection, event, receivedUs);
    },

    onClose() {},

    writeHeartbeat(_connection, sequence) {
      writeSequence(heartbeat, sequence);
      return heartbeat;
    },

    writeEcho(_connection, sequence, sizeBytes) {
      if (message.length !== sizeBytes) message = Buffer.alloc(sizeBytes, MESSAGE);
      writeSequence(message, sequence);
      return message;
    },

    confirmsJoin: false,
    writeJoin: () => null,
    writeLeave: () => null,
    writePublish: (_connection, _room, payload) => payload,
    writeAcknowledgement: () => null,
  };
};

/** The least size of a message: its kind and its sequence number. */
export const SEQUENCE_END = 8;

const HEARTBEAT = 'h'.charCodeAt(0);
const MESSAGE = 'e'.charCodeAt(0);
const HEX = Buffer.from('0123456789abcdef');

/** Seven lower-case hexadecimal digits from byte 1 on. */
function writeSequence(target: Buffer, sequence: number): void {
  let rest = sequence;
  for (let i = SEQUENCE_END - 1; i > 0; i--) {
    target[i] = HEX[rest & 15]!;
    rest >>>= 4;
  }
}

function readSequence(source: Buffer, start: number): number {
  let sequence = 0;
  for (let i = start; i < start + SEQUENCE_END - 1; i++) {
    const byte = source[i]!;
    let digit: number;
    if (byte >= 48 && byte <= 57) digit = byte - 48;
    else if (byte >= 97 && byte <= 102) digit = byte - 87;
    else return UNKNOWN_SEQUENCE;
    sequence = sequence * 16 + digit;
  }
  return sequence;
}
