import { EventKind } from '../dialects/dialect.js';
import { Exchange } from './exchange.js';
import { type Pattern, type PatternContext, Purpose } from './pattern.js';
import { DEADLINE, PeriodicSchedule } from './periodic.js';

export interface HeartbeatOptions {
  /** A WebSocket ping, or a message of the dialect. */
  readonly by: 'ping' | 'message';
  readonly everyUs: number;
  readonly timeoutUs: number;
  /** Where in its period a connection beats: anywhere, or all at the same time (the worst case). */
  readonly offset: 'uniform' | 'aligned';
  /** What to do about a connection whose heartbeat was not answered in time. */
  readonly onTimeout: 'close' | 'count';
}

/** Keeps a connection alive, and measures how quickly its peer says that it is. Beats from ready on. */
export function createHeartbeat(options: HeartbeatOptions, context: PatternContext): Pattern {
  const { everyUs, timeoutUs } = options;
  const write = options.by === 'ping' ? context.sendPing : context.sendHeartbeat;
  const answerKind = options.by === 'ping' ? EventKind.transportPong : EventKind.pong;
  const exchange = new Exchange(context, 'heartbeat', timeoutUs, Math.ceil(timeoutUs / everyUs) + 1, write);
  const schedule = new PeriodicSchedule(context, everyUs, options, { offset: Purpose.heartbeatOffset });
  schedule.start(context.startUs);

  return {
    onReady(connection, nowUs) {
      schedule.join(connection, nowUs);
    },

    onDue(connection, k, dueUs, nowUs) {
      if (k === DEADLINE) {
        const endsIt = options.onTimeout === 'close';
        const expired = exchange.checkDeadlines(connection, nowUs, endsIt);
        if (expired && endsIt) context.giveUp(connection);
      } else if (schedule.advance(connection, k, dueUs)) {
        exchange.send(connection, dueUs, nowUs);
      }
    },

    onEvent(connection, event, receivedUs) {
      if (event.kind === answerKind) exchange.answer(connection, event.sequence, receivedUs);
    },

    onClose(connection) {
      exchange.abandon(connection);
    },

    onPhase() {},

    stop() {
      schedule.stop();
    },

    finish() {
      exchange.abandonAll();
    },

    get awaited() {
      return exchange.awaited;
    },
  };
}
