import type { MatrixRecord } from '../../../result/matrix.js';
import type { MatrixBroadcast } from '../../../result/matrixBroadcast.js';
import {
  type Broadcaster,
  broadcastersIn,
  KEEPS_UP,
  lastUs,
  p99Of,
  type Varied,
  variedBy,
} from '../../matrixFanOut.js';
import { mainStorm, runVerdict, trusted } from '../../matrixWords.js';
import { capitalized, counted, inUnit, rate } from '../../numbers.js';
import { type AgainstChart, type AgainstLine, againstChart } from '../againstChart.js';
import { type Axis, linearAxis, logAxis } from '../axis.js';
import type { Picture, Section } from '../section.js';
import { fanOutTable } from './fanOutTable.js';

/** Deliveries and their times against what was varied; null where nobody published, or there is nothing to draw. */
export function fanOutSection(matrix: MatrixRecord): Section | null {
  const all = broadcastersIn(matrix.variants);
  if (all.length === 0) return null;
  const varied = variedBy(all);
  const pictures = varied === null || all.length < 2 ? [] : charts(all, varied);
  // Without a storm the table stands in the opening.
  const isTableShown = mainStorm(matrix) === null;
  if (pictures.length === 0 && isTableShown) return null;
  return {
    id: 'fan-out',
    name: 'Fan-out',
    title: capitalized(finding(trusted(all), varied)),
    pictures,
    reading: KEEPS_UP,
    numbers: isTableShown ? [] : [fanOutTable(matrix)],
  };
}

/** Exponents from here on are nearer to the square than to the line. */
const SQUARE = 1.5;

/** How what was asked for grew, and whether it came. */
function finding(all: readonly Broadcaster[], varied: Varied | null): string {
  const sorted = [...all].sort((a, b) => a.broadcast.owedPerSecond - b.broadcast.owedPerSecond);
  const [least, most] = [sorted[0]?.broadcast, sorted.at(-1)?.broadcast];
  if (least === undefined || most === undefined) return 'Nothing was published';
  const came = sorted.reduce((top, { broadcast }) => Math.max(top, broadcast.deliveredPerSecond), 0);
  const grew =
    sorted.length === 1
      ? rate(most.owedPerSecond)
      : `${rate(least.owedPerSecond)} to ${rate(most.owedPerSecond)}`;
  return `${lawWords(least, most, varied)}${grew} were asked for, and at most ${rate(came)} came`;
}

function lawWords(least: MatrixBroadcast, most: MatrixBroadcast, varied: Varied | null): string {
  const times = most.members / least.members;
  if (varied?.name !== 'members' || times <= 1 || least.owedPerSecond === 0) return '';
  const exponent = Math.log(most.owedPerSecond / least.owedPerSecond) / Math.log(times);
  return exponent >= SQUARE
    ? 'Twice as many members, four times as many deliveries: '
    : 'Deliveries grow in step with the members: ';
}

function charts(all: readonly Broadcaster[], varied: Varied): Picture[] {
  const x = xAxisOf(varied);
  const points = (measure: (broadcast: MatrixBroadcast) => number | null): AgainstLine['points'] =>
    all
      .flatMap(({ broadcast, variant }, i) => {
        const y = measure(broadcast);
        const at = varied.values[i] ?? 0;
        const sign = runVerdict(variant).tone === 'doubt' ? ('doubtful' as const) : ('passed' as const);
        return y === null || y <= 0 ? [] : [{ x: at, y, sign }];
      })
      .sort((a, b) => a.x - b.x);
  const flow: AgainstLine[] = [
    {
      name: 'asked for',
      tone: 'context',
      style: 'dashed',
      points: points((own) => own.owedPerSecond).map((point) => ({ ...point, sign: null })),
    },
    { name: 'came', tone: 'server', style: 'solid', points: points((own) => own.deliveredPerSecond) },
  ];
  const times: AgainstLine[] = [
    { name: 'last', tone: 'server', style: 'solid', points: points(lastUs) },
    {
      name: 'median',
      tone: 'service',
      style: 'solid',
      points: points(({ median }) => p99Of(median)),
    },
  ];
  const against = `against ${varied.name}`;
  return [
    ...picture(`Deliveries per second ${against}`, { x, lines: flow, unit: 'perSecond' }),
    ...picture(`p99 of the median and the last member ${against}`, { x, lines: times, unit: 'us' }),
  ];
}

interface Drawn extends Pick<AgainstChart, 'x' | 'lines'> {
  /** Of the values. */
  readonly unit: 'perSecond' | 'us';
}

function picture(title: string, { x, lines, unit }: Drawn): Picture[] {
  const drawn = lines.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0) return [];
  const least = all.reduce((low, { y }) => Math.min(low, y), Number.POSITIVE_INFINITY);
  const most = all.reduce((high, { y }) => Math.max(high, y), 0);
  const isLog = x.log || unit === 'us';
  const y = isLog ? logAxis(least * 0.7, most * 1.4, unit) : linearAxis(most, unit);
  const alt = drawn
    .map(({ name, points }) => {
      const values = points.map((point) => `${inUnit(point.y, unit)} at ${inUnit(point.x, x.unit)}`);
      return `${name}: ${values.join(', ')}`;
    })
    .join('; ');
  const doubtful = new Set(all.flatMap((point) => (point.sign === 'doubtful' ? [point.x] : []))).size;
  const note = doubtful === 0 ? '' : ` (triangle: ${counted(doubtful, 'run')} that cannot be trusted)`;
  return [{ title: `${title}${note}`, still: againstChart({ alt, x, y, lines: drawn }) }];
}

/** Up to this factor between values a wall is seen best on a linear scale; beyond it the small ones would lie on the axis. */
const WIDE = 20;

function xAxisOf({ values, unit }: Varied): Axis {
  const ticks = [...new Set(values)].sort((a, b) => a - b);
  const [least, most] = [ticks[0] ?? 1, ticks.at(-1) ?? 2];
  if (most > least * WIDE) return { min: least, max: most, log: true, ticks, unit };
  return { min: 0, max: most, log: false, ticks: [0, ...ticks], unit };
}
