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

const WORDS_PER_PAIR = 3;
export const BYTES_PER_PAIR = WORDS_PER_PAIR * Uint32Array.BYTES_PER_ELEMENT;

/**
 * For each pair of a publisher and a member, what has been received: the highest sequence number, and a bit for each of
 * the last `REORDER_WINDOW` numbers up to it (the sliding window of RFC 4303, section 3.4.3).
 */
export class PairLedger {
  /**
   * Three words a pair, side by side because they are needed together: one more than the highest sequence number
   * received (0 before the first); bits whose number `n` says that `next - 1 - n` was received; and the same for
   * `next - 33 - n`.
   */
  private readonly words: Uint32Array;

  constructor(pairs: number) {
    this.words = new Uint32Array(pairs * WORDS_PER_PAIR);
  }

  receive(pair: number, sequence: number): Receipt {
    const { words } = this;
    const at = pair * WORDS_PER_PAIR;
    const next = words[at]!;
    if (sequence >= next) {
      this.advance(at, sequence + 1 - next);
      words[at] = sequence + 1;
      return Receipt.inOrder;
    }
    const behind = next - 1 - sequence;
    if (behind >= REORDER_WINDOW) return Receipt.late;
    const bits = behind < 32 ? at + 1 : at + 2;
    const bit = 1 << (behind & 31);
    if ((words[bits]! & bit) !== 0) return Receipt.duplicate;
    words[bits]! |= bit;
    return Receipt.outOfOrder;
  }

  /** Moves the window up by `by` numbers, the last of which was received. */
  private advance(at: number, by: number): void {
    const { words } = this;
    const recent = words[at + 1]!;
    const older = words[at + 2]!;
    if (by === 1) {
      words[at + 2] = (older << 1) | (recent >>> 31);
      words[at + 1] = (recent << 1) | 1;
    } else if (by < 32) {
      words[at + 2] = (older << by) | (recent >>> (32 - by));
      words[at + 1] = (recent << by) | 1;
    } else {
      words[at + 2] = by < REORDER_WINDOW ? recent << (by - 32) : 0;
      words[at + 1] = 1;
    }
  }
}
