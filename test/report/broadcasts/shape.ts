/** What a run that publishes is made from. */
import type { Herd, Timing } from './messages.js';

export interface BroadcastShape {
  readonly populations: Readonly<Record<string, Herd>>;
  /** Over all publishers. */
  readonly perSecond: number;
  readonly timing: Timing;
  readonly rooms?: number;
  /** Null where publishers are no members. */
  readonly ownCopies: boolean | null;
  /** Shares of what was owed; all else came, once and in order. */
  readonly lost?: number;
  readonly missed?: number;
  readonly duplicated?: number;
  readonly outOfOrder?: number;
  /** Messages received in each population that are none of ours. */
  readonly foreign?: number;
  /** Of the members, how many are in the ledger; all by default. */
  readonly accounted?: number;
  /** Share of the messages that is delivered while publishers are at work; the others come in the drain. */
  readonly inTime?: number;
  /** What each delivery takes of the server's processor. */
  readonly cpuPerDeliveryUs?: number;
  readonly rssGrowthBytes?: number;
  readonly acknowledge?: {
    readonly resent: number;
    readonly queued: number;
    readonly unacknowledged: number;
  };
}

export const LOBBY: BroadcastShape = {
  populations: {
    listeners: { connections: 1980, publishes: false },
    speakers: { connections: 20, publishes: true },
  },
  perSecond: 20,
  timing: { firstUs: 1200, spreadUs: 36_000 },
  ownCopies: true,
};

export function membersOf({ populations }: BroadcastShape): number {
  return sum(Object.values(populations).map(({ connections }) => connections));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
