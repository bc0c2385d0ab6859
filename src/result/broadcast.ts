/** What a scenario says about broadcasting before anything is sent. */
export interface BroadcastFacts {
  readonly rooms: {
    readonly count: number;
    /** Of the smallest and of the largest room. */
    readonly leastMembers: number;
    readonly mostMembers: number;
  };
  /** Connections that publish, and connections that receive: a connection may do both. */
  readonly publishers: number;
  readonly members: number;
  /** Of the publishers, those that are members of a room that they publish to. */
  readonly publishingMembers: number;
  /** Of the members, those that read slowly on purpose: they are no part of first, median and last. */
  readonly slowMembers: number;
  readonly ledger: LedgerScope;
}

/** What the record says about broadcasting, beside the metrics `broadcast.*`. */
export interface BroadcastResult extends BroadcastFacts {
  /** Whether publishers got their own messages: then these count as owed. Null when they were in no room themselves. */
  readonly ownCopies: boolean | null;
  readonly messages: {
    readonly published: number;
    /** Every member of the room had it within `fanOutWindowMs`; some had not; none had. */
    readonly complete: number;
    readonly incomplete: number;
    readonly unheard: number;
  };
  /** Deliveries per message published; null without any. */
  readonly amplification: number | null;
  readonly fanOutWindowMs: number;
  /** By how much `broadcast.median` may be off, as a share, beside the histogram's own resolution. */
  readonly medianResolution: number;
  readonly perSecond: FanOutSeries;
}

/** Whose deliveries are accounted for one by one. */
interface LedgerScope {
  /** Members in the ledger: all, or a sample where all would take more memory than `budgetBytes`. */
  readonly accounted: number;
  /** Publisher and member that may get its messages. */
  readonly pairs: number;
  readonly bytesPerPair: number;
  readonly budgetBytes: number;
  /** Messages of one publisher that may overtake each other and still be told from duplicates. */
  readonly reorderWindow: number;
}

/** Whether the ledger leaves members out: then what it counts is not of all deliveries. */
export function isSampled({ ledger, members }: Pick<BroadcastFacts, 'ledger' | 'members'>): boolean {
  return ledger.accounted < members;
}

/** Messages that somebody had, by the second in which they were due; one entry per second of the run in every array. */
export interface FanOutSeries {
  readonly messages: readonly number[];
  readonly complete: readonly number[];
  /** First, median and last of these messages in the middle (p50); null in a second without any. */
  readonly firstP50Us: ReadonlyArray<number | null>;
  readonly medianP50Us: ReadonlyArray<number | null>;
  readonly lastP50Us: ReadonlyArray<number | null>;
  readonly lastMaxUs: ReadonlyArray<number | null>;
}
