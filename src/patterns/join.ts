import type { PopulationDelivery } from '../delivery/populationDelivery.js';
import { EventKind } from '../dialects/dialect.js';
import type { Pattern, PatternContext } from './pattern.js';

export interface JoinOptions {
  /** How many rooms there are; null: everybody is in one, which nobody has to join. */
  readonly rooms: number | null;
  /** Connection `i` joins the rooms `i`, `i + 1`, ... modulo `rooms`, so many of them. */
  readonly perConnection: number;
  /** Tell the server about every message received, where the dialect has words for it. */
  readonly acknowledges: boolean;
}

/** A server that does not confirm a join is believed to have done it so long after it was asked. */
const UNCONFIRMED_JOIN_US = 1_000_000;

/** Brings connections into their rooms, and keeps account of what they receive there. */
export function createJoin(options: JoinOptions, context: PatternContext): Pattern {
  const { rooms, perConnection, acknowledges } = options;
  const { dialect } = context;
  const delivery = deliveryOf(context);
  const receipts = context.counter('acknowledge.receipts');
  /** Joins that the server has not answered, by connection. */
  const pending = new Int32Array(context.connections);
  /** How often the connection has been let in: tells what was due for an earlier time from what is due for this one. */
  const stays = new Int32Array(context.connections);
  let began = false;

  function joinRooms(connection: number): void {
    for (let place = 0; place < perConnection; place++) {
      context.send(connection, dialect.writeJoin(connection, delivery.roomOf(connection, place)), false);
    }
  }

  function arrive(connection: number, nowUs: number): void {
    delivery.arrived(connection, nowUs);
    context.admitted(connection);
  }

  return {
    onReady(connection, nowUs) {
      if (rooms === null) {
        arrive(connection, nowUs);
        return;
      }
      // Before asking: a dialect of the user's own may refuse at once.
      if (dialect.confirmsJoin) pending[connection] = perConnection;
      joinRooms(connection);
      if (!dialect.confirmsJoin)
        context.schedule(connection, ++stays[connection]!, nowUs + UNCONFIRMED_JOIN_US);
    },

    onDue(connection, stay, _dueUs, nowUs) {
      if (stay === stays[connection] && context.isReady(connection)) arrive(connection, nowUs);
    },

    onEvent(connection, event, receivedUs) {
      if (event.kind === EventKind.message) {
        delivery.receive(connection, event.buffer, event.start, event.end, receivedUs);
        if (acknowledges) acknowledge(connection, event.buffer, event.start, event.end);
      } else if (event.kind === EventKind.joined && pending[connection]! > 0) {
        pending[connection]!--;
        if (pending[connection] === 0) arrive(connection, receivedUs);
      } else if (event.kind === EventKind.error && pending[connection]! > 0) {
        pending[connection] = 0;
        context.refused(connection, 'join-refused', event.text);
      }
    },

    onLeaving(connection) {
      if (!delivery.isPresent(connection)) return;
      for (let place = 0; rooms !== null && place < perConnection; place++) {
        context.send(connection, dialect.writeLeave(connection, delivery.roomOf(connection, place)), false);
      }
      // Now, and not when the close is complete: a busy server may take its time, and was told.
      delivery.left(connection, context.nowUs());
    },

    onClose(connection, _close, nowUs) {
      pending[connection] = 0;
      stays[connection]!++;
      delivery.left(connection, nowUs);
    },

    onPhase(kind) {
      if (kind === 'ramp' || kind === 'drain' || began) return;
      began = true;
      delivery.begin();
    },

    stop() {},

    finish() {
      delivery.freeze();
    },

    awaited: 0,
  };

  function acknowledge(connection: number, buffer: Buffer, start: number, end: number): void {
    if (!context.isReady(connection)) return;
    const message = dialect.writeAcknowledgement(connection, buffer, start, end);
    if (context.send(connection, message, false)) receipts.value++;
  }
}

function deliveryOf({ delivery }: PatternContext): PopulationDelivery {
  if (delivery === null) throw new Error('a population joins rooms though nobody publishes');
  return delivery;
}
