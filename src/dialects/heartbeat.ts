import { ANSWERS_NOTHING, type CreateDialect, createEvent, EventKind, UNKNOWN_SEQUENCE } from './dialect.js';
import { findMark } from './marker.js';

/**
 * The usual heartbeat of browsers, which cannot send pings of their own: `{"type":"ping"}`, answered by
 * `{"type":"pong"}`. The answer does not say which ping it is for, so it counts for the oldest.
 */
export const createHeartbeatDialect: CreateDialect = (_connections, listener) => {
  const ping = Buffer.from('{"type":"ping"}');
  const event = createEvent();

  return {
    binary: false,

    onOpen(connection, nowUs) {
      event.kind = EventKind.ready;
      listener.onDialectEvent(connection, event, nowUs);
    },

    receive(connection, buffer, start, end, binary, receivedUs) {
      const pong = !binary && findMark(buffer, start, end) < 0 && isPong(buffer, start, end);
      event.kind = pong ? EventKind.pong : EventKind.message;
      event.sequence = pong ? UNKNOWN_SEQUENCE : ANSWERS_NOTHING;
      event.buffer = buffer;
      event.start = start;
      event.end = end;
      listener.onDialectEvent(connection, event, receivedUs);
    },

    onClose() {},

    writeHeartbeat: () => ping,

    writeEcho() {
      throw new Error('the heartbeat dialect has no echo; the scenario should have been refused');
    },

    confirmsJoin: false,
    writeJoin: () => null,
    writeLeave: () => null,
    writePublish: (_connection, _room, payload) => payload,
    writeAcknowledgement: () => null,
  };
};

const PONG = Buffer.from('{"type":"pong"}');

/** Compares bytes first: parsing JSON costs a hundred times as much. */
function isPong(buffer: Buffer, start: number, end: number): boolean {
  if (end - start === PONG.length && buffer.compare(PONG, 0, PONG.length, start, end) === 0) return true;
  return parseType(buffer.toString('utf8', start, end)) === 'pong';
}

function parseType(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  } catch {
    return undefined;
  }
}
