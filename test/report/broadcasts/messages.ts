/** Messages and their receipts, as the workers would have told of them. */
import { type Random, random } from '../samples.js';

export interface Herd {
  readonly connections: number;
  readonly publishes: boolean;
  /** Reads slowly on purpose: its deliveries take longer and longer. */
  readonly slow?: boolean;
}

export interface Timing {
  /** From a message's due time to its first member, and from there to its last, in the middle. */
  readonly firstUs: number;
  readonly spreadUs: number;
  /** By how much the spread grows until the end of the run: 1 not at all. */
  readonly growth?: number;
}

/** Samples that stand for all receipts of one message by one herd. */
export const RECEIPTS = 10;

export interface Message {
  readonly second: number;
  readonly firstUs: number;
  readonly medianUs: number;
  readonly lastUs: number;
  /** By population; each stands for a tenth of its members. */
  readonly receiptsUs: Readonly<Record<string, readonly number[]>>;
}

/** So many messages a second in every second from `from` to before `until`. */
export function messagesOf(
  herds: Readonly<Record<string, Herd>>,
  perSecond: number,
  [from, until]: readonly [number, number],
  timing: Timing,
): Message[] {
  const rng = random(17);
  const all = Math.round((until - from) * perSecond);
  return Array.from({ length: all }, (_, n) => {
    const progress = n / Math.max(1, all);
    return messageAt(from + Math.floor(n / perSecond), progress, herds, timing, rng);
  });
}

function messageAt(
  second: number,
  progress: number,
  herds: Readonly<Record<string, Herd>>,
  { firstUs, spreadUs, growth = 1 }: Timing,
  rng: Random,
): Message {
  const first = jittered(firstUs, rng);
  const spread = jittered(spreadUs * growth ** progress, rng);
  // A server that sends to one after another: receipts are evenly spread.
  const at = (share: number) => Math.round(first + spread * share);
  const receipts = (slow: boolean) =>
    Array.from({ length: RECEIPTS }, (_, i) => {
      const quick = at((i + 0.5) / RECEIPTS);
      return slow ? quick + Math.round(3.2e6 * progress * (0.6 + 0.4 * rng())) : quick;
    });
  return {
    second,
    firstUs: first,
    medianUs: at(0.5),
    lastUs: at(1),
    receiptsUs: Object.fromEntries(
      Object.entries(herds).map(([name, { slow = false }]) => [name, receipts(slow)]),
    ),
  };
}

/** Mostly near the middle, now and then much longer. */
function jittered(us: number, rng: Random): number {
  const rare = rng() < 0.008 ? 1.5 + rng() : 1;
  return Math.max(1, Math.round(us * (0.85 + 0.3 * rng()) * rare));
}
