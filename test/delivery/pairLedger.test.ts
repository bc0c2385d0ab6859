import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BYTES_PER_PAIR, PairLedger, REORDER_WINDOW, Receipt } from '../../src/delivery/pairLedger.js';

/** The same with a set of everything that came. */
class Remembering {
  private readonly seen = new Set<number>();
  private highest = -1;

  receive(sequence: number): Receipt {
    if (sequence > this.highest) {
      this.highest = sequence;
      this.seen.add(sequence);
      return Receipt.inOrder;
    }
    if (this.highest - sequence >= REORDER_WINDOW) return Receipt.late;
    if (this.seen.has(sequence)) return Receipt.duplicate;
    this.seen.add(sequence);
    return Receipt.outOfOrder;
  }
}

describe('PairLedger', () => {
  it('says of any order of receipts what a ledger that remembers everything says', () => {
    const steps = fc.array(fc.integer({ min: -90, max: 70 }), { maxLength: 400 });
    fc.assert(
      fc.property(steps, (moves) => {
        const ledger = new PairLedger(3);
        const remembering = new Remembering();
        let at = 0;
        for (const move of moves) {
          at = Math.max(0, at + move);
          expect(ledger.receive(1, at)).toBe(remembering.receive(at));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps pairs apart', () => {
    const ledger = new PairLedger(2);
    expect(ledger.receive(0, 5)).toBe(Receipt.inOrder);
    expect(ledger.receive(1, 5)).toBe(Receipt.inOrder);
    expect(ledger.receive(0, 5)).toBe(Receipt.duplicate);
  });

  it('tells 64 messages that came in reverse from duplicates, and says late of the next', () => {
    const ledger = new PairLedger(1);
    ledger.receive(0, 64);
    for (let sequence = 63; sequence > 0; sequence--) {
      expect(ledger.receive(0, sequence)).toBe(Receipt.outOfOrder);
      expect(ledger.receive(0, sequence)).toBe(Receipt.duplicate);
    }
    expect(ledger.receive(0, 0)).toBe(Receipt.late);
  });

  it('takes the memory per pair that it states', () => {
    const pairs = 1000;
    const bytes = Object.values(new PairLedger(pairs)).reduce((sum, column) => sum + column.byteLength, 0);
    expect(bytes).toBe(pairs * BYTES_PER_PAIR);
  });
});
