import { EventKind } from '../dialects/dialect.js';
import { Exchange } from './exchange.js';
import { type Pattern, type PatternContext, Purpose } from './pattern.js';
import { DEADLINE, PeriodicSchedule } from './periodic.js';

export interface EchoOptions {
  readonly sizeBytes: number;
  readonly timeoutUs: number;
  /** Every `everyUs` (open model), or the next as soon as the last was answered (closed loop, for throughput). */
  readonly pace:
    | { readonly kind: 'every'; readonly everyUs: number; readonly offset: 'uniform' | 'aligned' }
    | { readonly kind: 'answered' };
}

/** Sends messages that the server returns, from the end of the ramp on. */
export function createEcho(options: EchoOptions, context: PatternContext): Pattern {
  return options.pace.kind === 'every'
    ? createPacedEcho(options, options.pace, context)
    : createAnsweredEcho(options, context);
}

function createPacedEcho(
  options: EchoOptions,
  pace: Extract<EchoOptions['pace'], { kind: 'every' }>,
  context: PatternContext,
): Pattern {
  const { timeoutUs, sizeBytes } = options;
  const exchange = new Exchange(
    context,
    'echo',
    timeoutUs,
    Math.ceil(timeoutUs / pace.everyUs) + 1,
    (c, sequence) => context.sendEcho(c, sequence, sizeBytes),
  );
  const schedule = new PeriodicSchedule(context, pace.everyUs, pace, { offset: Purpose.echoOffset });

  return {
    onReady(connection, nowUs) {
      schedule.join(connection, nowUs);
    },

    onDue(connection, k, dueUs, nowUs) {
      if (k === DEADLINE) exchange.checkDeadlines(connection, nowUs, false);
      else if (schedule.advance(connection, k, dueUs)) exchange.send(connection, dueUs, nowUs);
    },

    onEvent(connection, event, receivedUs) {
      if (event.kind === EventKind.message) exchange.answer(connection, event.sequence, receivedUs);
    },

    onClose(connection) {
      exchange.abandon(connection);
    },

    onPhase(kind, startUs) {
      schedule.startAfterRamp(kind, startUs);
    },

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

/** A closed loop: it measures throughput, and its latencies hide every pause of the server. */
function createAnsweredEcho(options: EchoOptions, context: PatternContext): Pattern {
  const exchange = new Exchange(context, 'echo', options.timeoutUs, 1, (connection, sequence) =>
    context.sendEcho(connection, sequence, options.sizeBytes),
  );
  let sending = false;

  function sendNext(connection: number, nowUs: number): void {
    if (sending && context.isReady(connection) && exchange.isIdle(connection)) {
      exchange.send(connection, nowUs, nowUs);
    }
  }

  return {
    onReady: sendNext,

    onDue(connection, k, _dueUs, nowUs) {
      if (k === DEADLINE) exchange.checkDeadlines(connection, nowUs, false);
      sendNext(connection, nowUs);
    },

    onEvent(connection, event, receivedUs) {
      if (event.kind !== EventKind.message) return;
      exchange.answer(connection, event.sequence, receivedUs);
      sendNext(connection, context.nowUs());
    },

    onClose(connection) {
      exchange.abandon(connection);
    },

    onPhase(kind, startUs) {
      if (kind === 'ramp' || kind === 'drain' || sending) return;
      sending = true;
      for (let connection = 0; connection < context.connections; connection++) {
        if (context.isReady(connection)) context.schedule(connection, 0, startUs);
      }
    },

    stop() {
      sending = false;
    },

    finish() {
      exchange.abandonAll();
    },

    get awaited() {
      return exchange.awaited;
    },
  };
}
