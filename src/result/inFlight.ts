/**
 * What one end alone may have counted, because it was under way when its connection was cut off, when the server was
 * killed, or when both ends closed at once. Every bound is a count of our own, so that what nothing explains still shows.
 */
import { catalogue } from '../metrics/catalogue.js';
import type { Bounds } from './bookEntry.js';
import type { PhaseCounts, ServedInstance } from './books.js';
import { type Broadcasting, type DeliveryInFlight, deliveryInFlight } from './deliveryBooks.js';
import type { CloseCount, FailureCount } from './types.js';

export interface InFlight {
  readonly opened: Bounds;
  readonly closed: Bounds;
  readonly messagesIn: Bounds;
  readonly messagesOut: Bounds;
  readonly pingsIn: Bounds;
  readonly pongsOut: Bounds;
  readonly pingsOut: Bounds;
  /** Closes that stand under one key of the ledger. */
  closedWith(key: string): Bounds;
  refusedWith(status: string): Bounds;
  /** Null when nobody publishes. */
  readonly delivery: DeliveryInFlight | null;
}

const UNANSWERED = Object.keys(catalogue).filter((name) => name.endsWith('.unanswered'));

/** Bounds for an instance, from our closes and failures in the phases that it served. */
export function inFlightOf(
  instance: ServedInstance,
  closes: readonly CloseCount[],
  failures: readonly FailureCount[],
  broadcasting: Broadcasting | null,
): InFlight {
  const { counts, killed, phases } = instance;
  const last = killed ? phases.at(-1) : undefined;
  // What a killed server had not written down yet is younger than the phase in which it was killed.
  const late = (name: string): number => last?.counter(name) ?? 0;
  const lateOf = (items: readonly Ended[]): number =>
    countOf(items.filter(({ phase }) => phase === last?.name));

  const lost = closes.filter((close) => isByKill(close, last));
  const others = closes.filter((close) => !isByKill(close, last));
  const cutOff = closes.filter((close) => closeKey(close) === 'none');
  const abandoned = countOf(failures.filter(isAbandoned));
  const crossed = mayHaveCrossed(closes);
  const anyCut = cutOff.length > 0 || abandoned > 0;
  // Whatever we sent that the server has not counted, and whatever it sent that we have not, is an exchange that failed.
  const unanswered = anyCut
    ? sum(UNANSWERED.flatMap((name) => phases.map((phase) => phase.counter(name))))
    : 0;
  const cutIn = new Set(cutOff.map(({ phase }) => phase));
  const severed = {
    connections: countOf(cutOff) + abandoned,
    during: (name: string) =>
      sum(phases.filter((phase) => cutIn.has(phase.name)).map((phase) => phase.counter(name))),
    late,
  };
  const delivery = broadcasting === null ? null : deliveryInFlight(instance, severed, broadcasting);

  return {
    delivery,
    opened: { more: abandoned, less: late('connections.opened') },
    // A close under way at the kill is one of the server's, and a loss of ours.
    closed: { more: abandoned + Math.min(countOf(lost), countOf(others)), less: lateOf(others) },
    messagesIn: {
      more: 0,
      less: unanswered + (delivery?.unread ?? 0) + late('messages.sent') + late('messages.received'),
    },
    messagesOut: { more: unanswered + (delivery?.unreceived ?? 0), less: late('messages.received') },
    pingsIn: { more: 0, less: unanswered + late('pings.sent') + late('pongs.received') },
    pongsOut: { more: unanswered, less: late('pongs.received') },
    pingsOut: {
      more: anyCut ? Math.max(0, counts.pingsOut - counts.pongsIn) : 0,
      less: late('pings.received'),
    },
    closedWith(key) {
      const same = others.filter((close) => closeKey(close) === key);
      // The server may have sent or received a close frame on what was cut off before we did.
      if (key === 'none') return { more: abandoned, less: countOf(same) };
      return {
        more: abandoned + countOf(cutOff) + countOf(crossed),
        less: lateOf(same) + countOf(crossed.filter((close) => closeKey(close) === key)),
      };
    },
    refusedWith(status) {
      return { more: abandoned, less: lateOf(failures.filter((failure) => refusalKey(failure) === status)) };
    },
  };
}

/** The names that the servers' ledgers use: a code, `empty` for a frame without one, `none` without a frame. */
export function closeKey({ code, cause }: CloseCount): string {
  if (code !== null) return String(code);
  return cause === 'close-frame' ? 'empty' : 'none';
}

/** The status by which an upgrade was refused; null for another failure. */
export function refusalKey({ stage, cause }: FailureCount): string | null {
  return stage === 'upgrade' && cause.startsWith('http-') ? cause.slice('http-'.length) : null;
}

/** A dead server closes nothing: the kernel did, and no ledger has it. */
export function isByKill({ phase, cause }: CloseCount, killedIn: PhaseCounts | undefined): boolean {
  return cause === 'target-exit' && phase === killedIn?.name;
}

/**
 * Closes that we began while the server began closes too. When two close frames cross on the way, each end takes its own
 * for the first.
 */
function mayHaveCrossed(closes: readonly CloseCount[]): CloseCount[] {
  const byServer = closes.filter(({ initiator, cause }) => initiator === 'server' && cause === 'close-frame');
  const phases = new Set(byServer.map(({ phase }) => phase));
  return closes.filter(
    ({ initiator, code, phase }) => initiator === 'client' && code !== null && phases.has(phase),
  );
}

/** An attempt that failed after its request may have been sent: the server may have let it in all the same. */
function isAbandoned(failure: FailureCount): boolean {
  if (failure.stage === 'local') return failure.cause === 'local-abort';
  return failure.stage === 'upgrade' && refusalKey(failure) === null;
}

interface Ended {
  readonly phase: string;
  readonly count: number;
}

function countOf(items: readonly Ended[]): number {
  return sum(items.map(({ count }) => count));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
