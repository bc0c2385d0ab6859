import type { MemoryPerConnection } from '../../../result/targetRecord.js';
import type { RunResult } from '../../../result/types.js';
import { bytes, count, share } from '../../numbers.js';
import { axisLabel, linearAxis, position, rangeAxis } from '../axis.js';
import { html, type Markup } from '../markup.js';
import type { Section } from '../section.js';
import { marks, percentOf, plot, round, WIDTH, xAxis, yAxis, yOf } from '../svg.js';
import { columns, type Table } from '../table.js';

const HEIGHT = 240;

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
      ? `Each connection cost the server ${bytes(fit.bytes)} of memory (${interval})`
      : `Each connection cost the server about ${bytes(fit.bytes)}, but do not rely on it (${interval})`,
    pictures: [{ title: 'Resident memory of the server against open connections', still: picture(fit) }],
    reading: [
      `The slope of the line is the cost of one connection; its band the 95 % interval. The axis does not start at zero: without connections the server held ${bytes(fit.baseBytes)}.`,
      residuals(fit),
      ...fit.notes,
    ].join(' '),
    numbers: [figures(fit), plateaus(fit)],
  };
}

/** Fewer plateaus than this bend by chance. */
const LEAST_PLATEAUS = 6;
/** Correlation with a parabola from which a bend is spoken of: of 8 plateaus that only scatter, 1 in 50 reaches it. */
const BENT = 0.8;

/** What the distances of the plateaus from the line say, in words. */
export function residuals({ points, bytes: slope, baseBytes }: MemoryPerConnection): string {
  const off = points.map(({ open, rssBytes }) => rssBytes - (baseBytes + slope * open));
  const widest = off.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const within = `The plateaus lie within ${bytes(widest)} of the line`;
  if (points.length < LEAST_PLATEAUS) return `${within}; there are too few of them to see a bend.`;
  const centre = mean(points.map(({ open }) => open));
  const bend = correlation(
    off,
    points.map(({ open }) => (open - centre) ** 2),
  );
  if (Math.abs(bend) < BENT) return `${within} and show no bend.`;
  return bend > 0
    ? `${within} but bend upwards: the more connections, the more each new one costs.`
    : `${within} but bend downwards: the first connections cost more than the later ones.`;
}

/** Pearson's; 0 when either does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  const product = a.reduce((sum, value, i) => sum + (value - meanA) * ((b[i] ?? 0) - meanB), 0);
  const size =
    Math.hypot(...a.map((value) => value - meanA)) * Math.hypot(...b.map((value) => value - meanB));
  return size === 0 ? 0 : product / size;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function picture(fit: MemoryPerConnection): Markup {
  const { points, bytes: slope, baseBytes, ci95 } = fit;
  const most = points.reduce((top, { open }) => Math.max(top, open), 1);
  const x = linearAxis(most, 'count', 5);
  const centre = mean(points.map(({ open }) => open));
  const at = (open: number, perConnection: number) =>
    baseBytes + slope * centre + perConnection * (open - centre);
  const shown = [
    ...points.map(({ rssBytes }) => rssBytes),
    ...[0, x.max].flatMap((open) => ci95.map((perConnection) => at(open, perConnection))),
  ];
  const y = rangeAxis(Math.max(0, Math.min(...shown)), Math.max(...shown), 'bytes');
  const yAt = (open: number, perConnection: number) => round(yOf(y, at(open, perConnection), HEIGHT));
  const [low, high] = ci95;
  const band = `M0 ${yAt(0, low)}L${WIDTH} ${yAt(x.max, high)}V${yAt(x.max, low)}L0 ${yAt(0, high)}Z`;
  const alt = `Scatter of ${count(points.length)} plateaus with a fitted line: ${bytes(slope)} per connection on ${bytes(baseBytes)}.`;
  return plot(HEIGHT, alt, [
    yAxis(y, HEIGHT),
    marks(HEIGHT, [
      html`<path class="interval" d="${band}"/>`,
      html`<path class="line t-server" d="M0 ${yAt(0, slope)}L${WIDTH} ${yAt(x.max, slope)}"/>`,
    ]),
    points.map(
      ({ open, rssBytes }) =>
        html`<circle class="point" cx="${percentOf(position(x, open))}" cy="${round(yOf(y, rssBytes, HEIGHT))}" r="4"/>`,
    ),
    html`<text class="end t-server" x="100%" y="${yAt(x.max, slope) + 4}">fitted line</text>`,
    xAxis(
      x.ticks.map((tick) => ({ at: position(x, tick), label: axisLabel(tick, x) })),
      HEIGHT,
    ),
  ]);
}

function figures(fit: MemoryPerConnection): Table {
  const { bytes: slope, ci95, baseBytes, theilSenBytes, kernelBytes, byPhase } = fit;
  return {
    caption: `Memory per connection, ${fit.method}`,
    columns: [...columns('name', 'what'), ...columns('number', 'per connection')],
    rows: [
      ['least squares', bytes(slope)],
      ['its 95 % interval', `${bytes(ci95[0])} to ${bytes(ci95[1])}`],
      ['Theil-Sen, which outliers do not move', bytes(theilSenBytes)],
      ...(kernelBytes === null
        ? []
        : [['kernel memory of the machine, both ends, not in the above', bytes(kernelBytes)]]),
      ...byPhase.map(({ phase, bytes: value }) => [`during ${phase}`, bytes(value)]),
      ['without connections, in all', bytes(baseBytes)],
      ['difference of the two slopes', share(Math.abs(theilSenBytes - slope) / Math.max(1, Math.abs(slope)))],
    ],
  };
}

function plateaus({ points, bytes: slope, baseBytes }: MemoryPerConnection): Table {
  return {
    caption: 'Plateaus',
    columns: columns('number', 'connections', 'resident', 'off the line'),
    rows: points.map(({ open, rssBytes }) => [
      count(open),
      bytes(rssBytes),
      bytes(rssBytes - (baseBytes + slope * open)),
    ]),
  };
}
