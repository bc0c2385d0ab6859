import type { RunResult } from '../../../result/types.js';
import { claimedOf, claimedWords, claimsFinding, claimWords, measuredWords } from '../../memoryWords.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

/** What the scenario claims of memory, row by row against what was measured. */
export function claims({ target }: RunResult): Section | null {
  const { claims: rows = [] } = target;
  if (rows.length === 0) return null;
  return {
    id: 'claims',
    name: 'Claims',
    title: claimsFinding(rows),
    pictures: [],
    reading: [
      'A claim holds when the whole 95 % interval of what was measured is within it; a lone size is meant roughly, a quarter more or less.',
      ...new Set(rows.flatMap(({ note }) => note ?? [])),
    ].join(' '),
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'what', 'of'),
          ...columns('number', 'claimed', 'measured'),
          ...columns('words', 'verdict'),
        ],
        rows: rows.map((row) => [
          row.what,
          claimedOf(row),
          claimedWords(row),
          measuredWords(row),
          claimWords(row),
        ]),
      },
    ],
  };
}
