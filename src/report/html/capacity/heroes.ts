/** Up to six numbers that a reader of a search would ask for first. */
import type { CapacityFigures, CapacityRecord } from '../../../result/capacity.js';
import { loadNumber } from '../../loads.js';
import {
  bytes,
  bytesQuantity,
  count,
  duration,
  durationQuantity,
  elapsed,
  factor,
  percent,
} from '../../numbers.js';
import { coresNeeded } from '../../sizingWords.js';
import type { Hero } from '../hero.js';
import { sparkline } from '../svg.js';
import { latenciesOf, slowEnd } from './latencies.js';
import { limitName } from './limits.js';
import { isTold, modelOf } from './models.js';
import { tenTimes } from './sizingSection.js';
import { measured, telling } from './tries.js';

const PLAIN = { unknown: 'not known', limit: null, bad: false, spark: null } as const;

export function capacityHeroes(record: CapacityRecord): Hero[] {
  return [
    capacity(record),
    gaveOut(record),
    latency(record),
    cores(record),
    memory(record),
    nextSize(record),
  ].filter((hero) => hero !== null);
}

function capacity(record: CapacityRecord): Hero {
  const { lastPass, firstFail, vary, outcome } = record;
  const beyond = outcome === 'generator' ? 'was not valid' : 'failed';
  return {
    ...PLAIN,
    label: outcome === 'bracketed' ? 'Capacity' : 'Held at least',
    quantity: lastPass === null ? null : { digits: count(lastPass), unit: perSecond(record) },
    unknown: 'nothing passed',
    note: firstFail === null ? 'nothing failed' : `${loadNumber(firstFail, vary)} ${beyond}`,
    bad: lastPass === null && firstFail !== null,
  };
}

function perSecond({ vary }: CapacityRecord): string {
  return loadNumber(0, vary).slice(1);
}

function gaveOut({ limitedBy, firstFail, vary }: CapacityRecord): Hero | null {
  const first = limitedBy?.evidence[0];
  if (first === undefined || firstFail === null) return null;
  const when = first.atMs === null ? '' : ` after ${elapsed(first.atMs)}`;
  return {
    ...PLAIN,
    label: 'Gave out first',
    quantity: limitName(first),
    note: `at ${loadNumber(firstFail, vary)}${when}`,
  };
}

function latency(record: CapacityRecord): Hero | null {
  const [main] = latenciesOf(record);
  const at = telling(record);
  if (main === undefined || at === null) return null;
  const slow = slowEnd(at.result, main.metric);
  const median = at.result.latencies[main.metric]?.p50Us ?? null;
  return {
    ...PLAIN,
    label: `${main.name} ${slow?.label ?? 'p99'}`,
    quantity: slow === null ? null : durationQuantity(slow.us),
    note: `${median === null ? '' : `p50 ${duration(median)} `}at ${loadNumber(at.load, record.vary)}`,
    spark: spark(record, (figures) => slowEnd(figures, main.metric)?.us ?? null),
  };
}

function cores(record: CapacityRecord): Hero | null {
  const at = telling(record);
  const used = at?.result.target.cores ?? null;
  if (at === null || used === null) return null;
  const hottest = at.result.target.hottestThreadPercent;
  return {
    ...PLAIN,
    label: 'Cores used',
    quantity: { digits: factor(used), unit: '' },
    note:
      hottest === null
        ? `at ${loadNumber(at.load, record.vary)}`
        : `busiest thread ${percent(Math.round(hottest))}`,
    spark: spark(record, ({ target }) => target.cores),
  };
}

function memory(record: CapacityRecord): Hero | null {
  const at = telling(record);
  const held = at?.result.target.rssBytes ?? null;
  if (at === null || held === null) return null;
  const slope = modelOf(record.sizing, 'memory')?.slope ?? null;
  return {
    ...PLAIN,
    label: 'Memory used',
    quantity: bytesQuantity(held),
    note:
      slope === null || !isTold(slope)
        ? `at ${loadNumber(at.load, record.vary)}`
        : `${bytes(slope.value)} for each more`,
    spark: spark(record, ({ target }) => target.rssBytes),
  };
}

function nextSize({ sizing, vary }: CapacityRecord): Hero | null {
  const next = sizing === null ? null : tenTimes(sizing);
  if (next === null || (next.memoryBytes === null && next.cores === null)) return null;
  const { memoryBytes, cores: needed } = next;
  const quantity =
    memoryBytes === null
      ? { digits: factor(needed?.value ?? 0), unit: 'cores' }
      : bytesQuantity(memoryBytes.value);
  const beside = memoryBytes === null || needed === null ? '' : `and ${coresNeeded(needed)}`;
  return {
    ...PLAIN,
    label: `${loadNumber(next.load, vary)} would need`,
    quantity,
    note: `${beside}${next.extrapolated ? ', extrapolated' : ''}`.replace(/^, /, ''),
  };
}

/** Over the loads, each by its first try. */
function spark(record: CapacityRecord, pick: (figures: CapacityFigures) => number | null) {
  return sparkline(
    measured(record).flatMap(({ load, result }, i, all) => (all[i - 1]?.load === load ? [] : [pick(result)])),
    'server',
  );
}
