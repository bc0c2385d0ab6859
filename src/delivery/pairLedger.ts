/** What a message is to the member that received it. */
export const Receipt = {
  inOrder: 0,
  /** After one that its publisher had sent later. */
  outOfOrder: 1,
  duplicate: 2,
  /** Too far behind to tell a first receipt from a duplicate. */
  late: 3,
} as const;
export type Receipt = (typeof Receipt)[keyof typeof Receipt];

/** Messages of one publisher that may overtake each other and still be told from duplicates. */
export const REORDER_WINDOW = 64;

export const BYTES_PER_PAIR = 12;

/**
 * For each pair of a publisher and a member, what has been received: the highest sequence number, and a bit for each of
 * the last `REORDER_WINDOW` numbers up to it (the sliding window of RFC 4303, section 3.4.3).
 */
export class PairLedger {
  /** One more than the highest sequence number received, 0 before the first. */
  private readonly next: Uint32Array;
  /** Bit `n`: number `next - 1 - n` was received; in `older` number `next - 33 - n`. */
  private readonly recent: Uint32Array;
  private readonly older: Uint32Array;

  constructor(pairs: number) {
    this.next = new Uint32Array(pairs);
    this.recent = new Uint32Array(pairs);
    this.older = new Uint32Array(pairs);
  }

  receive(pair: number, sequence: number): Receipt {
    const next = this.next[pair]!;
    if (sequence >= next) {
      this.advance(pair, sequence + 1 - next);
      this.next[pair] = sequence + 1;
      return Receipt.inOrder;
    }
    const behind = next - 1 - sequence;
    if (behind >= REORDER_WINDOW) return Receipt.late;
    const bits = behind < 32 ? this.recent : this.older;
    const bit = 1 << (behind & 31);
    if ((bits[pair]! & bit) !== 0) return Receipt.duplicate;
    bits[pair]! |= bit;
    return Receipt.outOfOrder;
  }

  /** Moves the window up by `by` numbers, the last of which was received. */
  private advance(pair: number, by: number): void {
    const recent = this.recent[pair]!;
    if (by === 1) {
      this.older[pair] = (this.older[pair]! << 1) | (recent >>> 31);
      this.recent[pair] = (recent << 1) | 1;
    } else if (by < 32) {
      this.older[pair] = (this.older[pair]! << by) | (recent >>> (32 - by));
      this.recent[pair] = (recent << by) | 1;
    } else {
      this.older[pair] = by < REORDER_WINDOW ? recent << (by - 32) : 0;
      this.recent[pair] = 1;
    }
  }
}
