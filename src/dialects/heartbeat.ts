import { type CreateDialect, type DialectEvent, EventKind, UNKNOWN_SEQUENCE } from './dialect.js';

/**
 * The usual heartbeat of browsers, which cannot send pings of their own: `{"type":"ping"}`, answered by
 * `{"type":"pong"}`. The answer does not say which ping it is for, so it counts for the oldest.
 */
export const createHeartbeatDialect: CreateDialect = (_connections, listener) => {
  const ping = Buffer.from('{"type":"ping"}');
  const event: DialectEvent = { kind: EventKind.ready, sequence: UNKNOWN_SEQUENCE };

  return {
    onOpen(connection, nowUs) {
      event.kind = EventKind.ready;
      listener.onDialectEvent(connection, event, nowUs);
    },

    receive(connection, buffer, start, end, binary, receivedUs) {
      event.kind = !binary && isPong(buffer, start, end) ? EventKind.pong : EventKind.other;
      listener.onDialectEvent(connection, event, receivedUs);
    },

    onClose() {},

    writeHeartbeat: () => ping,

    writeEcho() {
      throw new Error('the heartbeat dialect has no echo; the scenario should have been refused');
    },
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
