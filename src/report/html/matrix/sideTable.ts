import type { MatrixRecord } from '../../../result/matrix.js';
import type { LatencyTimes } from '../../../result/recovery.js';
import { broadcastersIn } from '../../matrixFanOut.js';
import { type Contender, contendersIn, mainStorm, trusted } from '../../matrixWords.js';
import { count, duration, elapsed, factor } from '../../numbers.js';
import { type Content, html } from '../markup.js';
import { columns, type Table } from '../table.js';
import { fanOutTable } from './fanOutTable.js';
import { toneOf } from './storms.js';
import { variantName, verdictLink } from './variantCells.js';

/** A row for each variant: how it came back from the main storm, else what it delivered, else how fast it was. */
export function sideTable(matrix: MatrixRecord): Table {
  const index = mainStorm(matrix);
  if (index !== null) return stormTable(matrix, index);
  return broadcastersIn(matrix.variants).length > 0 ? fanOutTable(matrix) : quietTable(matrix);
}

function stormTable(matrix: MatrixRecord, index: number): Table {
  const contenders = contendersIn(matrix, index);
  const best = bestOf(trusted(contenders));
  return {
    caption: null,
    columns: [
      ...columns('name', 'variant'),
      ...columns(
        'number',
        '50 % after',
        '99 % after',
        '100 % after',
        'attempts each',
        'worst second',
        `worst ${elapsed(contenders[0]?.storm.peakInBin.binMs ?? 100)}`,
        'herd factor',
      ),
      ...columns('number', 'gave up', 'handshake p99'),
      ...columns('name', 'its run'),
    ],
    rows: matrix.variants.map((variant, i) => {
      const contender = contenders.find((one) => one.variant === variant);
      const figures = contender === undefined ? Array<Content>(9).fill('–') : figuresOf(contender, best);
      return [variantName(variant, toneOf(i)), ...figures, verdictLink(variant)];
    }),
  };
}

interface Best {
  readonly t99Ms: number | null;
  readonly peak: number | null;
  readonly peakInBin: number | null;
}

/** What stands out: the fastest recovery and the gentlest, where there is something to choose. */
function bestOf(contenders: readonly Contender[]): Best {
  const times = contenders.flatMap(({ recovery: { t99Ms } }) => (t99Ms === null ? [] : [t99Ms]));
  const peaks = contenders.map(({ recovery }) => recovery.peakAttemptsPerSecond);
  const bursts = contenders.map(({ storm }) => storm.peakInBin.attempts);
  const several = contenders.length > 1;
  return {
    t99Ms: several && times.length > 0 ? Math.min(...times) : null,
    peak: several ? Math.min(...peaks) : null,
    peakInBin: several ? Math.min(...bursts) : null,
  };
}

function figuresOf({ recovery, storm }: Contender, best: Best): Content[] {
  const { t50Ms, t99Ms, t100Ms, amplification, peakAttemptsPerSecond, herdFactor, gaveUp } = recovery;
  const time = (ms: number | null) => (ms === null ? 'not reached' : duration(ms * 1000));
  return [
    time(t50Ms),
    standOut(time(t99Ms), t99Ms !== null && t99Ms === best.t99Ms),
    time(t100Ms),
    amplification === null ? '–' : factor(amplification),
    standOut(count(peakAttemptsPerSecond), peakAttemptsPerSecond === best.peak),
    standOut(count(storm.peakInBin.attempts), storm.peakInBin.attempts === best.peakInBin),
    herdFactor === null ? '–' : factor(herdFactor),
    count(gaveUp),
    latency(storm.handshake),
  ];
}

function standOut(text: string, stands: boolean): Content {
  return stands ? html`<strong>${text}</strong>` : text;
}

function latency(times: LatencyTimes | null | undefined): string {
  return times === null || times === undefined ? '–' : duration(times.p99Us ?? times.maxUs);
}

function quietTable({ variants }: MatrixRecord): Table {
  return {
    caption: null,
    columns: [
      ...columns('name', 'variant'),
      ...columns('number', 'open at most', 'failed attempts', 'handshake p99', 'heartbeat p99', 'echo p99'),
      ...columns('name', 'its run'),
    ],
    rows: variants.map((variant, i) => {
      const { connections, latencies } = variant.result ?? {};
      return [
        variantName(variant, toneOf(i)),
        connections === undefined ? '–' : count(connections.peakOpen),
        connections === undefined ? '–' : count(connections.failed),
        ...['handshake.total', 'heartbeat.response', 'echo.response'].map((name) =>
          latency(latencies?.[name]),
        ),
        verdictLink(variant),
      ];
    }),
  };
}
