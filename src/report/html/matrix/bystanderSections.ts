import type { LatencyTimes } from '../../../result/recovery.js';
import { trusted } from '../../matrixWords.js';
import { count, duration } from '../../numbers.js';
import type { Content } from '../markup.js';
import { rangeBar, rangeBarAxis } from '../rangeBar.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';
import type { SideBySide } from './storms.js';
import { variantName } from './variantCells.js';

type Side = SideBySide['contenders'][number];

/** A latency before and during the storm, of one variant. */
interface Row {
  readonly side: Side;
  readonly when: string;
  readonly times: LatencyTimes;
}

/** What connections that were not dropped went through, by variant. */
export function stayedSection({ contenders, suffix }: SideBySide): Section | null {
  const rows = contenders.flatMap((side) =>
    (['before', 'during', 'after'] as const).flatMap((when): Row[] => {
      const times = side.recovery.collateral?.[when] ?? null;
      return times === null ? [] : [{ side, when, times }];
    }),
  );
  if (rows.length === 0) return null;
  return {
    id: `stayed${suffix}`,
    name: `Those that stayed${suffix.replace('-', ' ')}`,
    title: `Connections that stayed were answered ${worstAndBest(rows)}`,
    pictures: [],
    reading:
      'Only connections that the fault did not drop: what the return of the others does to bystanders.',
    numbers: [latencyTable(rows, [])],
  };
}

/** Whether the rest of the server still answered, by variant. */
export function besideSection({ contenders, suffix }: SideBySide): Section | null {
  const rows = contenders.flatMap((side) =>
    (['before', 'during'] as const).flatMap((when): Row[] => {
      const times = side.storm.http?.[when] ?? null;
      return times === null ? [] : [{ side, when, times }];
    }),
  );
  if (rows.length === 0) return null;
  return {
    id: `beside${suffix}`,
    name: `HTTP beside${suffix.replace('-', ' ')}`,
    title: `Plain HTTP on the same server was answered ${worstAndBest(rows)}`,
    pictures: [],
    reading:
      'A few connections ask for a plain page over and over. Requests that failed count from the fault until its recovery; while a server is down, all of them do.',
    numbers: [latencyTable(rows, ['requests', 'failed'])],
  };
}

/** `within 180 ms (p99) under fixed and 3.0 ms under full-jitter`. */
function worstAndBest(rows: readonly Row[]): string {
  const during = trusted(rows.map((row) => ({ ...row, variant: row.side.variant }))).filter(
    ({ when }) => when === 'during',
  );
  const slow = ({ times }: Row) => times.p99Us ?? times.maxUs;
  if (during.length === 0) return 'before the fault only';
  const worst = during.reduce((a, b) => (slow(b) > slow(a) ? b : a));
  const best = during.reduce((a, b) => (slow(b) < slow(a) ? b : a));
  const under = (row: Row) => `${duration(slow(row))} under ${row.side.variant.label}`;
  return best === worst
    ? `within ${under(worst)} (p99)`
    : `within ${under(best)} and ${under(worst)} (p99, during the storm)`;
}

function latencyTable(rows: readonly Row[], extra: ReadonlyArray<'requests' | 'failed'>) {
  const axis = rangeBarAxis(rows.flatMap(({ times: { p50Us, p99Us, maxUs } }) => [p50Us, p99Us, maxUs]));
  const figure = (us: number | null) => (us === null ? '–' : duration(us));
  return {
    caption: null,
    columns: [
      ...columns('name', 'variant', 'when'),
      ...columns('bar', 'p50 to p99'),
      ...columns('number', 'p50', 'p99', 'max', ...extra),
    ],
    rows: rows.map(({ side, when, times }): Content[] => [
      variantName(side.variant, side.tone),
      when,
      rangeBar(times.p50Us ?? times.maxUs, times.p99Us ?? times.maxUs, axis),
      figure(times.p50Us),
      figure(times.p99Us),
      duration(times.maxUs),
      ...extra.map((key) => (when === 'during' ? count(side.storm.http?.[key] ?? 0) : '')),
    ]),
  };
}
