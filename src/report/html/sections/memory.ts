import type { MemoryPerConnection } from '../../../result/targetRecord.js';
import type { RunResult } from '../../../result/types.js';
import { heapWords, retainedWords } from '../../memoryWords.js';
import { bytes, count } from '../../numbers.js';
import { type AgainstBand, type AgainstLine, againstChart } from '../againstChart.js';
import { type Axis, linearAxis, rangeAxis } from '../axis.js';
import { type Fit, fittedLine, residualWords } from '../fittedLine.js';
import type { Markup } from '../markup.js';
import { phaseTables, slopeTable, told } from '../memoryTables.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** What a connection costs the target, by the slope over the plateaus of the ramp. */
export function memory({ target }: RunResult): Section | null {
  const { memoryPerConnection: fit, memoryUnknownBecause: why } = target;
  if (fit !== null) return known(fit);
  if (why === null) return null;
  return {
    id: 'memory',
    name: 'Memory',
    title: 'What a connection costs in memory is not known',
    pictures: [],
    reading: why,
    numbers: [],
  };
}

function known(fit: MemoryPerConnection): Section {
  const interval = `${bytes(fit.ci95[0])} to ${bytes(fit.ci95[1])}`;
  return {
    id: 'memory',
    name: 'Memory',
    title: fit.reliable
      ? `Each connection cost the server ${bytes(fit.bytes)} of memory (${interval})${heapWords(fit)}`
      : `Each connection cost the server about ${bytes(fit.bytes)}, but do not rely on it (${interval})`,
    pictures: [{ title: 'Resident memory of the server against open connections', still: picture(fit) }],
    reading: [
      `The slope of the line is the cost of one connection; its band the 95 % interval. The axis does not start at zero: without connections the server held ${bytes(fit.baseBytes)}.`,
      residuals(fit),
      ...retainedWords(fit),
      ...fit.notes,
    ].join(' '),
    numbers: [slopeTable(fit), ...phaseTables(fit), plateaus(fit)],
  };
}

/** What the distances of the plateaus from the line say, in words. */
export function residuals(fit: MemoryPerConnection): string {
  return residualWords(fitOf(fit), 'plateaus');
}

function fitOf({ points, bytes: slope, baseBytes, ci95 }: MemoryPerConnection): Fit {
  return {
    points: points.map(({ open, rssBytes }) => ({ x: open, y: rssBytes })),
    slope: { value: slope, low: ci95[0], high: ci95[1] },
    base: baseBytes,
  };
}

function picture(fit: MemoryPerConnection): Markup {
  const { points, bytes: slope, baseBytes } = fit;
  const most = points.reduce((top, { open }) => Math.max(top, open), 1);
  const x = linearAxis(most, 'count', 5);
  const { lines, band } = fittedLine(fitOf(fit), { name: 'fitted line', tone: 'server', untilX: x.max });
  return againstChart({
    alt: `Scatter of ${count(points.length)} plateaus with a fitted line: ${bytes(slope)} per connection on ${bytes(baseBytes)}.`,
    x,
    y: axisOf(lines, band),
    lines,
    bands: [band],
  });
}

/** The axis does not begin at zero, where the slope would be pressed flat. */
function axisOf(lines: readonly AgainstLine[], band: AgainstBand): Axis {
  const shown = [
    ...lines.flatMap(({ points }) => points.map(({ y }) => y)),
    ...band.flatMap(({ low, high }) => [low, high]),
  ];
  return rangeAxis(Math.max(0, Math.min(...shown)), Math.max(...shown), 'bytes');
}

function plateaus({ points, bytes: slope, baseBytes }: MemoryPerConnection): Table {
  const withHeap = points.some(({ heapBytes }) => typeof heapBytes === 'number');
  return {
    caption: 'Plateaus',
    columns: columns('number', 'connections', 'resident', 'off the line', ...(withHeap ? ['heap'] : [])),
    rows: points.map(({ open, rssBytes, heapBytes }) => [
      count(open),
      bytes(rssBytes),
      bytes(rssBytes - (baseBytes + slope * open)),
      ...(withHeap ? [told(heapBytes)] : []),
    ]),
  };
}
