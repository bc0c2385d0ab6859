import { EventKind } from '../dialects/dialect.js';
import { type Pattern, type PatternContext, Purpose } from './pattern.js';
import { PeriodicSchedule } from './periodic.js';

/** How slowly a connection reads: so many bytes a second, or not at all for a while in every period. */
export type ReadOptions =
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** `forUs` is less than `everyUs`. */
  | { readonly kind: 'pause'; readonly forUs: number; readonly everyUs: number };

/** How long a connection may have read nothing and still make up for it, as when a new one starts or the thread was late. */
const ALLOWANCE_US = 100_000;

/** Passed to `schedule` for the end of a pause; periods count from 0. */
const RESUME = -1;

/** Reads slower than the server sends, from the end of the ramp until the drain. */
export function createRead(options: ReadOptions, context: PatternContext): Pattern {
  return options.kind === 'bandwidth'
    ? createBandwidthRead(options.bytesPerSecond, context)
    : createPausingRead(options.forUs, options.everyUs, context);
}

/**
 * Each message is paid for in time, and while what was read is not paid for, nothing more is read. It holds on average,
 * over the time of several reads: a socket is read by up to 64 KiB at a time, and all that they decompress to counts.
 */
function createBandwidthRead(bytesPerSecond: number, context: PatternContext): Pattern {
  const usPerByte = 1_000_000 / bytesPerSecond;
  /** Until when what the connection has read is paid for. */
  const paidUs = new Float64Array(context.connections);
  const paused = new Uint8Array(context.connections);
  const pauses = context.counter('reading.pauses');
  let reading = false;

  return {
    onReady(connection) {
      paidUs[connection] = 0;
    },

    onDue(connection, _k, _dueUs, nowUs) {
      if (paused[connection] === 0) return;
      // More was handed on after the pause had begun, or this is what remained of a connection that is gone.
      if (paidUs[connection]! > nowUs) {
        context.schedule(connection, RESUME, Math.ceil(paidUs[connection]!));
        return;
      }
      paused[connection] = 0;
      context.resumeReading(connection);
    },

    onEvent(connection, event, receivedUs) {
      if (!reading || event.kind !== EventKind.message) return;
      const sinceUs = Math.max(paidUs[connection]!, receivedUs - ALLOWANCE_US);
      const untilUs = sinceUs + (event.end - event.start) * usPerByte;
      paidUs[connection] = untilUs;
      if (untilUs <= receivedUs || paused[connection] === 1) return;
      paused[connection] = 1;
      pauses.value++;
      context.pauseReading(connection);
      context.schedule(connection, RESUME, Math.ceil(untilUs));
    },

    onClose(connection) {
      paused[connection] = 0;
    },

    onPhase(kind) {
      if (kind !== 'ramp' && kind !== 'drain') reading = true;
    },

    stop() {
      reading = false;
      resumeAll(paused, context);
    },

    finish() {},

    awaited: 0,
  };
}

function createPausingRead(forUs: number, everyUs: number, context: PatternContext): Pattern {
  const schedule = new PeriodicSchedule(
    context,
    everyUs,
    { offset: 'uniform' },
    { offset: Purpose.readOffset },
  );
  const paused = new Uint8Array(context.connections);
  const pauses = context.counter('reading.pauses');

  return {
    onReady(connection, nowUs) {
      schedule.join(connection, nowUs);
    },

    onDue(connection, k, dueUs, nowUs) {
      if (k === RESUME) {
        if (paused[connection] === 1) context.resumeReading(connection);
        paused[connection] = 0;
        return;
      }
      if (!schedule.advance(connection, k, dueUs)) return;
      // A thread that comes too late for the whole pause leaves it out.
      if (dueUs + forUs <= nowUs || !context.isReady(connection)) return;
      paused[connection] = 1;
      pauses.value++;
      context.pauseReading(connection);
      context.schedule(connection, RESUME, dueUs + forUs);
    },

    onEvent() {},

    onClose(connection) {
      paused[connection] = 0;
    },

    onPhase(kind, startUs) {
      schedule.startAfterRamp(kind, startUs);
    },

    stop() {
      schedule.stop();
      resumeAll(paused, context);
    },

    finish() {},

    awaited: 0,
  };
}

function resumeAll(paused: Uint8Array, context: PatternContext): void {
  for (let connection = 0; connection < context.connections; connection++) {
    if (paused[connection] === 1) context.resumeReading(connection);
  }
  paused.fill(0);
}
