import { trusted } from '../../matrixWords.js';
import { count, duration } from '../../numbers.js';
import { fastest } from '../../stormWords.js';
import { escapeTerminal } from '../../visible.js';
import type { Line, TimeChart } from '../chart.js';
import type { Section } from '../section.js';
import { SHARE_AXIS } from '../storm/recoverySection.js';
import type { SideBySide } from './storms.js';

/** How fast each variant came back. */
export function recoverySection(storm: SideBySide): Section {
  return {
    id: `recovery${storm.suffix}`,
    name: `Recovery${storm.suffix.replace('-', ' ')}`,
    title: finding(storm),
    pictures: [curves(storm)],
    reading:
      'A line that rises early is a herd that comes back fast; a flat stretch is time in which clients wait though they could be served, or are not served though they try.',
    numbers: [],
  };
}

function finding({ contenders: all, fault }: SideBySide): string {
  const contenders = trusted(all);
  const first = fastest(contenders);
  const back = contenders.filter(({ recovery }) => recovery.t99Ms !== null);
  if (first === null || first.recovery.t99Ms === null) return `After ${fault} no variant had 99 % back`;
  const quick = `After ${fault} ${first.variant.label} had 99 % back after ${duration(first.recovery.t99Ms * 1000)}`;
  if (back.length < contenders.length) {
    const missing = contenders.length - back.length;
    return `${quick}; ${count(missing)} of ${count(contenders.length)} never did`;
  }
  const last = back.reduce((a, b) => ((b.recovery.t99Ms ?? 0) > (a.recovery.t99Ms ?? 0) ? b : a));
  return last === first
    ? quick
    : `${quick}, ${last.variant.label} after ${duration((last.recovery.t99Ms ?? 0) * 1000)}`;
}

function curves({ contenders, fault, frame, suffix }: SideBySide): TimeChart {
  const atMs = grid(contenders);
  const lines = contenders.map(({ variant, recovery, storm: { bins }, tone }): Line => {
    const isWhole = recovery.t100Ms !== null;
    return {
      name: escapeTerminal(variant.label).slice(0, 24),
      tone,
      style: 'solid',
      values: shareAt(bins.edgesMs, bins.back, recovery.dropped, isWhole, atMs),
    };
  });
  return {
    id: `recovery-curves${suffix}`,
    frame,
    title: `Share of the lost connections that is open again, by time since ${fault}`,
    alt: contenders
      .map(
        ({ variant, recovery: { t99Ms } }) =>
          `${variant.label}: ${t99Ms === null ? '99 % not reached' : `99 % after ${duration(t99Ms * 1000)}`}`,
      )
      .join('; '),
    height: 220,
    axis: { ...SHARE_AXIS, max: 1.06 },
    atMs,
    form: 'line',
    lines,
    notes: [],
    heat: null,
    names: false,
  };
}

/** Bins are of one width in all variants; their edges differ by less than a bin. */
function grid(contenders: SideBySide['contenders']): number[] {
  const binMs = contenders[0]?.storm.bins.binMs ?? 100;
  const untilMs = contenders.reduce((most, { storm }) => Math.max(most, storm.bins.edgesMs.at(-1) ?? 0), 0);
  return Array.from({ length: Math.floor(untilMs / binMs) + 1 }, (_, i) => i * binMs);
}

/** Null beyond the end of a record that ended before all were back. */
function shareAt(
  edgesMs: readonly number[],
  back: readonly number[],
  dropped: number,
  isWhole: boolean,
  atMs: readonly number[],
): Array<number | null> {
  const lastMs = edgesMs.at(-1) ?? 0;
  let edge = 0;
  return atMs.map((ms) => {
    while (edge + 1 < edgesMs.length && (edgesMs[edge + 1] ?? 0) <= ms) edge++;
    if (ms > lastMs + 1 && !isWhole) return null;
    return Math.round(((back[edge] ?? 0) / dropped) * 1e4) / 1e4;
  });
}
