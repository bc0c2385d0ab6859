/** Runs that publish, side by side: who kept up, by what they differ, what each delivery cost. */
import type { MatrixVariant } from '../result/matrix.js';
import type { MatrixBroadcast } from '../result/matrixBroadcast.js';
import type { LatencyTimes } from '../result/recovery.js';
import { readAmount } from './limits.js';
import { duration, share, trimmed, type Unit } from './numbers.js';

/** A variant in which messages were published. */
export interface Broadcaster {
  readonly variant: MatrixVariant;
  readonly broadcast: MatrixBroadcast;
}

export function broadcastersIn(variants: readonly MatrixVariant[]): Broadcaster[] {
  return variants.flatMap((variant) => {
    const broadcast = variant.result?.broadcast;
    return broadcast === undefined || broadcast.published === 0 ? [] : [{ variant, broadcast }];
  });
}

/** Of the deliveries that were due in the time, so many must have come in it. */
export const IN_TIME = 0.95;

/** Slower than this is no conversation. */
const LIVE_US = 1_000_000;

export const KEEPS_UP = `A variant keeps up when it loses nothing, when at least ${share(IN_TIME)} of its deliveries come while publishers are at work, and when the last member has a message within ${trimmed(duration(LIVE_US))} (p99).`;

export function keepsUp({ broadcast }: Broadcaster): boolean {
  return (
    broadcast.lost === 0 && cameInTime(broadcast) >= IN_TIME && (lastUs(broadcast) ?? LIVE_US + 1) <= LIVE_US
  );
}

export function cameInTime({ deliveredPerSecond, owedPerSecond }: MatrixBroadcast): number {
  return owedPerSecond === 0 ? 1 : deliveredPerSecond / owedPerSecond;
}

export function lastUs({ last }: MatrixBroadcast): number | null {
  return p99Of(last);
}

/** Or the slowest of too few. */
export function p99Of(times: LatencyTimes | null): number | null {
  return times === null ? null : (times.p99Us ?? times.maxUs);
}

/** What of the server's processor each delivery took; null where it was not watched. */
export function cpuPerDeliveryUs({ targetCpuPercent, deliveredPerSecond }: MatrixBroadcast): number | null {
  return targetCpuPercent === null || deliveredPerSecond === 0
    ? null
    : (targetCpuPercent * 1e4) / deliveredPerSecond;
}

/** Mean frame bytes of what the server sent; null where it sent nothing. */
export function bytesPerDelivery({ bytesReceived, messagesReceived }: MatrixBroadcast): number | null {
  return messagesReceived === 0 ? null : bytesReceived / messagesReceived;
}

/** The number by which variants differ, for an axis. */
export interface Varied {
  readonly name: string;
  readonly unit: Unit;
  /** One for each of those given. */
  readonly values: readonly number[];
}

/** The members where they differ, else the one setting that does, when it is a number; null for anything else. */
export function variedBy(all: readonly Broadcaster[]): Varied | null {
  const members = all.map(({ broadcast }) => broadcast.members);
  if (new Set(members).size > 1) return { name: 'members', unit: 'count', values: members };
  const paths = [...new Set(all.flatMap(({ variant }) => Object.keys(variant.settings)))];
  const [path] = paths;
  if (path === undefined || paths.length > 1) return null;
  const amounts = all.map(({ variant }) => readAmount(variant.settings[path] ?? ''));
  const kind = amounts[0]?.kind;
  const values = amounts.flatMap((amount) =>
    amount !== null && amount.kind === kind && amount.value > 0 ? [amount.value] : [],
  );
  if (kind === undefined || values.length < all.length || new Set(values).size < 2) return null;
  return { name: path.split('.').slice(-2).join('.'), unit: kind, values };
}

/** Variants whose load differs by less than this factor are asked for the same. */
export const ALIKE = 1.15;
