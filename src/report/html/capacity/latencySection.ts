import type { CapacityRecord } from '../../../result/capacity.js';
import { varyWords } from '../../capacityWords.js';
import { readLimit } from '../../limits.js';
import { achievedNumber, loadNumber } from '../../loads.js';
import { capitalized, count, duration, trimmed } from '../../numbers.js';
import { againstChart } from '../againstChart.js';
import { logAxis } from '../axis.js';
import type { Picture, Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { type Against, against, altOf, heights, isComparable, loadAxis, xsOf } from './against.js';
import { kneeOf, LEAST_BEFORE } from './knee.js';
import { HANDSHAKE, type Latency, latenciesOf } from './latencies.js';
import { measured } from './tries.js';

/** More would be one chart after the other of the same. */
const MOST_PICTURES = 3;

/** Latency against load, and where it leaves the ground; null when nothing was timed. */
export function latencySection(record: CapacityRecord): Section | null {
  const latencies = latenciesOf(record);
  const [main] = latencies;
  if (main === undefined) return null;
  return {
    id: 'latency',
    name: 'Latency',
    title: finding(record, main),
    pictures: drawn(record, latencies).flatMap((latency) => picture(record, latency)),
    reading: !isComparable(record)
      ? null
      : `Lines go through the middle try of each load. The axis is what was really there, not what was asked for. A knee is where p99 stays above twice its median at all smaller loads.`,
    numbers: latencies.map((latency) => figures(record, latency)),
  };
}

/** Handshakes are no story of a search that leaves them alone. */
function drawn({ vary }: CapacityRecord, latencies: readonly Latency[]): readonly Latency[] {
  const isVaried = vary === 'connections' || vary === 'connect-rate' || latencies.length === 1;
  return latencies.filter(({ metric }) => isVaried || metric !== HANDSHAKE).slice(0, MOST_PICTURES);
}

/** By load, the middle of its tries, with a p99. */
function slowEnds(record: CapacityRecord, { metric }: Latency) {
  // Where the generator was the limit, the time may be its own.
  const levels = record.levels.filter(({ verdict }) => verdict !== 'invalid');
  const [line] = against({ levels }, { ...P99, pick: ({ latencies }) => latencies[metric]?.p99Us ?? null });
  return (line?.points ?? []).map(({ x, y }) => ({ load: x, us: y }));
}

function finding(record: CapacityRecord, main: Latency): string {
  const { vary } = record;
  const ends = slowEnds(record, main);
  const knee = kneeOf(ends);
  const what = `${capitalized(main.many)} took`;
  if (knee !== null) {
    return `${what} ${duration(knee.us)} (p99) from ${achievedNumber(knee.load, vary)} on; at smaller loads it had been ${duration(knee.beforeUs)}`;
  }
  const times = ends.map(({ us }) => us);
  if (times.length === 0) return `There were too few ${main.many} for a p99`;
  if (times.length === 1) return `${what} ${duration(times[0] ?? 0)} (p99)`;
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const none = times.length > LEAST_BEFORE ? ': there is no knee' : '';
  return `${what} ${duration(least)} to ${duration(most)} (p99) at all loads${none}`;
}

const P99: Against = {
  name: 'p99',
  tone: 'server',
  style: 'solid',
  signs: true,
  over: 'achieved',
  pick: () => null,
};
const LINES = [
  { ...P99, key: 'p99Us' },
  { ...P99, name: 'p90', tone: 'service', signs: false, key: 'p90Us' },
  { ...P99, name: 'p50', tone: 'context', signs: false, key: 'p50Us' },
] as const;

function picture(record: CapacityRecord, latency: Latency): Picture[] {
  const { metric, name } = latency;
  const lines = LINES.flatMap(({ key, ...line }) =>
    against(record, {
      ...line,
      pick: ({ latencies }) => {
        const us = latencies[metric]?.[key] ?? null;
        return us === null ? null : Math.max(1, us);
      },
    }),
  );
  if (lines.length === 0 || !isComparable(record)) return [];
  const limits = limitsOn(record, metric);
  const all = [...heights(lines), ...limits.map(({ y }) => y)];
  const x = loadAxis(xsOf(lines), record.vary);
  const y = logAxis(Math.min(...all) * 0.7, Math.max(...all) * 1.4, 'us');
  const knee = kneeOf(slowEnds(record, latency));
  const notes = knee === null ? [] : [{ x: knee.load, name: 'knee' }];
  return [
    {
      title: `${name} time against ${varyWords(record.vary)}`,
      still: againstChart({ alt: altOf({ lines, x, y }), x, y, lines, limits, notes }),
    },
  ];
}

/** Thresholds on it that some try did not keep: of the others a search does not know. */
function limitsOn(record: CapacityRecord, metric: string) {
  const expressions = new Set(
    measured(record).flatMap(({ own }) => [
      ...own.failedThresholds.map(({ expression }) => expression),
      ...own.limits.flatMap((limit) => (limit.code === 'latency' ? [limit.expression] : [])),
    ]),
  );
  return [...expressions].flatMap((expression) => {
    const limit = readLimit(expression);
    if (limit?.name !== metric || limit.kind !== 'us' || limit.value <= 0) return [];
    return [{ y: limit.value, name: `limit ${trimmed(duration(limit.value))}` }];
  });
}

function figures(record: CapacityRecord, { metric, name }: Latency): Table {
  const time = (us: number | null) => (us === null ? '–' : duration(us));
  return {
    caption: name,
    columns: columns('number', 'load', 'try', 'came', 'samples', 'p50', 'p90', 'p99', 'max'),
    rows: measured(record).flatMap(({ load, own, achieved, result }) => {
      const times = result.latencies[metric];
      if (times === undefined) return [];
      return [
        [
          loadNumber(load, record.vary),
          String(own.order),
          achievedNumber(achieved, record.vary),
          count(times.count),
          ...[times.p50Us, times.p90Us, times.p99Us].map(time),
          times.count === 0 ? '–' : duration(times.maxUs),
        ],
      ];
    }),
  };
}
