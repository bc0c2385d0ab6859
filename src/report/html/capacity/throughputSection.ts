import type { CapacityRecord, ThroughputModel } from '../../../result/capacity.js';
import { varyWords } from '../../capacityWords.js';
import { achievedNumber, loadNumber, loadUnit } from '../../loads.js';
import { factor, rate } from '../../numbers.js';
import { type AgainstLine, againstChart } from '../againstChart.js';
import { linearAxis } from '../axis.js';
import type { Picture, Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { altOf, heights } from './against.js';
import { measured } from './tries.js';

/** What was asked for and what came, where rates were varied; null otherwise. */
export function throughputSection(record: CapacityRecord): Section | null {
  const { vary, sizing } = record;
  if (loadUnit(vary) !== 'perSecond') return null;
  const model = sizing?.throughput ?? null;
  const came = measured(record).filter(({ result }) => result.achieved !== null);
  if (model === null && came.length < 2) return null;
  return {
    id: 'throughput',
    name: 'Throughput',
    title: finding(record, model),
    pictures: [picture(record, model)],
    reading: readingOf(model),
    numbers: [...(model === null ? [] : [parameters(model)]), figures(record)],
  };
}

function finding(record: CapacityRecord, model: ThroughputModel | null): string {
  const { vary } = record;
  if (model?.peak) {
    const { load, value } = model.peak;
    const greatest = Math.max(...model.points.map((point) => point.load));
    const peaks = load > greatest ? 'would peak' : 'peaks';
    return `Throughput ${peaks} at ${rate(value)}, where ${rate(load)} are asked for; beyond that more load gets less done`;
  }
  const [first, ...others] = measured(record);
  if (first === undefined) return `What came, in ${varyWords(vary)}`;
  const most = others.reduce((best, one) => (one.achieved > best.achieved ? one : best), first);
  return `At most ${rate(most.achieved)} came, where ${loadNumber(most.load, vary)} were asked for`;
}

function readingOf(model: ThroughputModel | null): string {
  if (model === null) return 'Where the line stays on the dashed one, everything that was asked for came.';
  const why =
    model.peak !== null
      ? ''
      : ` No peak is named: the 95 % interval of ${doubtful(model)} includes 0, so that these loads cannot tell a server that falls off from one that does not.`;
  return `The curve is the Universal Scalability Law, X(N) = λN / (1 + σ(N − 1) + κN(N − 1)): σ is what waits in line, κ what everybody has to agree on with everybody.${why}`;
}

function doubtful({ kappa, sigma }: ThroughputModel): string {
  const names = [...(sigma.low <= 0 ? ['σ'] : []), ...(kappa.low <= 0 ? ['κ'] : [])];
  return names.length === 0 ? 'σ or κ' : names.join(' and of ');
}

const CURVE_POINTS = 80;

function picture(record: CapacityRecord, model: ThroughputModel | null): Picture {
  const tries = measured(record).filter(({ result }) => result.achieved !== null);
  const most = Math.max(
    1,
    ...tries.map(({ load }) => load),
    ...(model?.points ?? []).map(({ load }) => load),
  );
  const signs: AgainstLine = {
    name: model === null ? 'came' : '',
    tone: 'server',
    style: model === null ? 'solid' : 'none',
    points: tries.map(({ load, achieved, sign }) => ({ x: load, y: achieved, sign })),
  };
  const measuredLines = model === null ? [signs] : [curve(model, most), signs];
  const y = linearAxis(Math.max(...heights(measuredLines)), loadUnit(record.vary));
  const x = linearAxis(most, loadUnit(record.vary), 5);
  const asked = Math.min(x.max, y.max);
  const ideal: AgainstLine = {
    name: 'asked for',
    tone: 'context',
    style: 'dashed',
    points: [0, asked].map((value) => ({ x: value, y: value, sign: null })),
  };
  const lines = [ideal, ...measuredLines];
  const peak = model?.peak ?? null;
  const notes =
    peak === null || peak.load > x.max ? [] : [{ x: peak.load, name: `peak ${rate(peak.value)}` }];
  return {
    title: `What came against what was asked for, in ${varyWords(record.vary)}`,
    still: againstChart({ alt: altOf({ lines: measuredLines, x, y }), x, y, lines, notes }),
  };
}

/** From no load to the greatest. */
function curve({ lambda, sigma, kappa }: ThroughputModel, most: number): AgainstLine {
  const at = (n: number) =>
    (lambda.value * n) / Math.max(1e-9, 1 + sigma.value * (n - 1) + kappa.value * n * (n - 1));
  const points = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => (most * i) / CURVE_POINTS);
  return {
    name: 'fitted',
    tone: 'server',
    style: 'solid',
    points: points.map((n) => ({ x: n, y: Math.max(0, at(n)), sign: null })),
  };
}

function parameters({ lambda, sigma, kappa, peak }: ThroughputModel): Table {
  const rows = [
    ['λ, done for each unit of load when alone', lambda],
    ['σ, contention: the share that waits in line', sigma],
    ['κ, coherency: what each has to settle with each', kappa],
  ] as const;
  return {
    caption: `Parameters; ${peak === null ? 'no peak is named' : `highest at ${rate(peak.load)}: ${rate(peak.value)}`}`,
    columns: [...columns('name', 'parameter'), ...columns('number', 'value', '95 % interval')],
    rows: rows.map(([name, { value, low, high }]) => [name, small(value), `${small(low)} to ${small(high)}`]),
  };
}

/** Two digits, however small. */
function small(value: number): string {
  if (value === 0 || Math.abs(value) >= 0.001) return factor(value);
  const [digits = '', power = ''] = value.toExponential(1).split('e');
  return `${digits} · 10^${Number(power)}`;
}

function figures(record: CapacityRecord): Table {
  return {
    caption: 'Of each try',
    columns: columns('number', 'asked for', 'try', 'came', 'messages out', 'messages in', 'opens'),
    rows: measured(record).map(({ load, own, result }) => [
      loadNumber(load, record.vary),
      String(own.order),
      result.achieved === null ? '–' : achievedNumber(result.achieved, record.vary),
      rate(result.messagesSentPerSecond),
      rate(result.messagesReceivedPerSecond),
      rate(result.opensPerSecond),
    ]),
  };
}
