import { runVerdict, trusted } from '../../matrixWords.js';
import { count, elapsed } from '../../numbers.js';
import { escapeTerminal } from '../../visible.js';
import { type Axis, linearAxis } from '../axis.js';
import type { TimeChart } from '../chart.js';
import type { Section } from '../section.js';
import { held, herdSize } from '../storm/attemptsSection.js';
import type { SideBySide } from './storms.js';

/** More small pictures than this are in the reports of the runs. */
const MOST_DRAWN = 12;

/** How hard each variant was on the server, all on one scale. */
export function attemptsSection(storm: SideBySide): Section | null {
  const { contenders, suffix } = storm;
  if (contenders.every(({ recovery }) => recovery.attempts === 0)) return null;
  const peak = Math.max(1, ...contenders.flatMap(({ storm: { bins } }) => bins.attempts));
  const axis = linearAxis(peak, 'count', 2);
  const left = contenders.length - MOST_DRAWN;
  return {
    id: `attempts${suffix}`,
    name: `Attempts${suffix.replace('-', ' ')}`,
    title: finding(storm),
    pictures: contenders.slice(0, MOST_DRAWN).map((contender, i) => picture(storm, contender, i, axis)),
    reading: `All on the same scales of time and height: a tall, narrow peak is a herd that comes at once, a low and wide one a herd that has been spread out. Opens are filled.${left > 0 ? ` ${count(left)} more are in the reports of their runs.` : ''}`,
    numbers: [],
  };
}

function finding({ contenders }: SideBySide): string {
  const burst = trusted(contenders).reduce((a, b) =>
    b.storm.peakInBin.attempts > a.storm.peakInBin.attempts ? b : a,
  );
  const { attempts, binMs } = burst.storm.peakInBin;
  return `${burst.variant.label} came most in step: ${count(attempts)} attempts within ${elapsed(binMs)}, ${herdSize(attempts / burst.recovery.dropped)}`;
}

function picture(
  { fault, frame, suffix }: SideBySide,
  { variant, recovery, storm: { bins }, tone }: SideBySide['contenders'][number],
  index: number,
  axis: Axis,
): TimeChart {
  const label = escapeTerminal(variant.label).slice(0, 40);
  return {
    id: `attempts${suffix}-${index}`,
    frame,
    title: `${label}${runVerdict(variant).tone === 'doubt' ? ' (not valid)' : ''}: attempts per ${elapsed(bins.binMs)} since ${fault}`,
    alt: `${count(recovery.attempts)} attempts, ${count(recovery.peakAttemptsPerSecond)} in the worst second.`,
    height: 80,
    axis,
    atMs: bins.edgesMs,
    form: 'steps',
    lines: [
      { name: 'opens', tone: 'context', style: 'area', values: held(bins.opens) },
      { name: 'attempts', tone, style: 'solid', values: held(bins.attempts) },
    ],
    notes: [],
    heat: null,
    names: false,
  };
}
