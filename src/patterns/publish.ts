import { EventKind } from '../dialects/dialect.js';
import { type Pattern, type PatternContext, Purpose } from './pattern.js';
import type { PayloadSpec } from './payloads.js';
import { DEADLINE, PeriodicSchedule } from './periodic.js';
import { Publisher } from './publisher.js';

export interface PublishOptions {
  readonly everyUs: number;
  /** Between one due time and the next: always the same, or exponentially distributed with that mean. */
  readonly spacing: 'uniform' | 'poisson';
  readonly offset: 'uniform' | 'aligned';
  /** Messages at each due time. */
  readonly burst: number;
  /** Null: to the rooms that the connection has joined, in turn. */
  readonly room: number | null;
  /** Whether the server sends a publisher its own messages; `auto`: it does if it ever did. */
  readonly ownCopy: 'auto' | 'expected' | 'excluded';
  readonly payload: PayloadSpec;
  readonly acknowledge: AcknowledgeOptions | null;
}

/** Reliable publishing: what the server has not acknowledged is sent again. */
export interface AcknowledgeOptions {
  readonly resendAfterUs: number;
  /** Messages of a connection that may await their acknowledgement, or its return. */
  readonly queue: number;
}

/** Sends messages to rooms, from the end of the ramp on. */
export function createPublish(options: PublishOptions, context: PatternContext): Pattern {
  const publisher = new Publisher(options, context);
  const schedule = new PeriodicSchedule(context, options.everyUs, options, {
    offset: Purpose.publishOffset,
    spacing: Purpose.publishSpacing,
  });

  return {
    onReady(connection, nowUs) {
      schedule.join(connection, nowUs);
    },

    onAdmitted(connection, nowUs) {
      publisher.onAdmitted(connection, nowUs);
    },

    onDue(connection, k, dueUs, nowUs) {
      if (k === DEADLINE) {
        publisher.onDeadline(connection, nowUs);
        return;
      }
      if (!schedule.advance(connection, k, dueUs)) return;
      for (let i = 0; i < options.burst; i++) publisher.publish(connection, dueUs, nowUs);
    },

    onEvent(connection, event, receivedUs) {
      if (event.kind === EventKind.acknowledged)
        publisher.onAcknowledged(connection, event.sequence, receivedUs);
    },

    onClose(connection) {
      publisher.onClose(connection);
    },

    onPhase(kind, startUs) {
      schedule.startAfterRamp(kind, startUs);
    },

    stop() {
      schedule.stop();
      publisher.stop();
    },

    finish(nowUs) {
      publisher.finish(nowUs);
    },

    get awaited() {
      return publisher.awaited;
    },
  };
}
