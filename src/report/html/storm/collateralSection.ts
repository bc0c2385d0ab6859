import type { LatencyTimes, Recovery } from '../../../result/recovery.js';
import type { RunResult } from '../../../result/types.js';
import { count, duration } from '../../numbers.js';
import { faultWords } from '../../stormWords.js';
import { heatChart } from '../heatChart.js';
import type { Content } from '../markup.js';
import { rangeBar, rangeBarAxis } from '../rangeBar.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

const TIMES = ['before', 'during', 'after'] as const;

/** What connections that were not dropped went through. */
export function collateralSection(result: RunResult): Section | null {
  const timed = result.recoveries.filter(({ collateral }) => collateral !== null);
  const worst = worstOf(timed);
  if (worst === null) return null;
  const heat = heatChart(result, 'collateral.response', 'collateral', 'answers to connections that stayed');
  return {
    id: 'stayed',
    name: 'Those that stayed',
    title: finding(worst, faultWords(result.recoveries, worst)),
    pictures: heat === null ? [] : [heat],
    reading: [
      ...(heat === null
        ? []
        : [
            'Each column is a slice of time; the stronger the colour of a cell, the more answers took that long.',
          ]),
      'Only heartbeats and messages of connections that no fault has dropped are in it: what a storm does to bystanders.',
    ].join(' '),
    numbers: [timesTable(result, timed)],
  };
}

function worstOf(recoveries: readonly Recovery[]): Recovery | null {
  const slowness = ({ collateral }: Recovery) => collateral?.during?.p99Us ?? collateral?.during?.maxUs ?? 0;
  return recoveries.reduce<Recovery | null>(
    (worst, recovery) => (worst === null || slowness(recovery) > slowness(worst) ? recovery : worst),
    null,
  );
}

/** `Connections that stayed were answered within 3.0 ms before the kill, 180 ms during it and 3.0 ms after (p99)`. */
function finding({ collateral }: Recovery, fault: string): string {
  const when = { before: `before the ${fault}`, during: 'during it', after: 'after' };
  const known = TIMES.flatMap((time) => {
    const times = collateral?.[time] ?? null;
    return times === null ? [] : [`${duration(times.p99Us ?? times.maxUs)} ${when[time]}`];
  });
  const isP99 = TIMES.every((time) => (collateral?.[time] ?? null)?.p99Us !== null);
  const all = known.length > 1 ? `${known.slice(0, -1).join(', ')} and ${known.at(-1)}` : (known[0] ?? '');
  return `Connections that stayed were answered within ${all}${isP99 ? ' (p99)' : ' (the slowest, where too few for a p99)'}`;
}

function timesTable({ recoveries }: RunResult, timed: readonly Recovery[]): Table {
  const entries = timed.flatMap((recovery) =>
    TIMES.flatMap((time) => {
      const times = recovery.collateral?.[time] ?? null;
      return times === null ? [] : [{ recovery, time, times }];
    }),
  );
  const axis = rangeBarAxis(entries.flatMap(({ times: { p50Us, p99Us, maxUs } }) => [p50Us, p99Us, maxUs]));
  const figure = (us: number | null) => (us === null ? '–' : duration(us));
  const row = (recovery: Recovery, time: string, times: LatencyTimes): Content[] => [
    ...(timed.length > 1 ? [faultWords(recoveries, recovery)] : []),
    time,
    rangeBar(times.p50Us ?? times.maxUs, times.p99Us ?? times.maxUs, axis),
    figure(times.p50Us),
    figure(times.p99Us),
    duration(times.maxUs),
    count(times.count),
  ];
  return {
    caption: null,
    columns: [
      ...columns('name', ...(timed.length > 1 ? ['fault'] : []), 'when'),
      ...columns('bar', 'p50 to p99'),
      ...columns('number', 'p50', 'p99', 'max', 'answers'),
    ],
    rows: entries.map(({ recovery, time, times }) => row(recovery, time, times)),
  };
}
