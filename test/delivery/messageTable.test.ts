import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageTable } from '../../src/delivery/messageTable.js';

describe('MessageTable', () => {
  it('finds exactly what was added and not removed, through growth and wrap-around', () => {
    const step = fc.oneof(
      fc.record({ publisher: fc.nat(40), sequence: fc.nat(40) }),
      fc.constant('remove' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 2000 }), (steps) => {
        const table = new MessageTable();
        const kept = new Map<string, number>();
        for (const each of steps) {
          if (each === 'remove') {
            const [oldest] = kept;
            if (oldest === undefined) continue;
            expect(table.dueUs[table.oldest]).toBe(oldest[1]);
            table.removeOldest();
            kept.delete(oldest[0]);
          } else {
            const { publisher, sequence } = each;
            const key = `${publisher} ${sequence}`;
            const found = table.find(publisher, sequence);
            if (kept.has(key)) {
              expect(table.dueUs[found]).toBe(kept.get(key));
            } else {
              expect(found).toBe(-1);
              const stamp = publisher * 1000 + sequence;
              table.dueUs[table.add(publisher, sequence)] = stamp;
              kept.set(key, stamp);
            }
          }
          expect(table.size).toBe(kept.size);
        }
        for (const [key, stamp] of kept) {
          const [publisher, sequence] = key.split(' ').map(Number);
          expect(table.dueUs[table.find(publisher!, sequence!)]).toBe(stamp);
        }
      }),
    );
  });
});
