import type { CapacityRecord, ResourceModel } from '../../../result/capacity.js';
import { loadWords, varyWords } from '../../capacityWords.js';
import { loadNumber, oneLoad } from '../../loads.js';
import { capitalized, count, duration, inUnit, percent, share } from '../../numbers.js';
import { type AgainstLine, againstChart } from '../againstChart.js';
import { linearAxis } from '../axis.js';
import type { Picture, Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { against, altOf, heights, isComparable, loadAxis, xsOf } from './against.js';
import { modelOf } from './models.js';
import { measured, telling } from './tries.js';

/** Processor time of the target against load; null when it was never seen. */
export function processorSection(record: CapacityRecord): Section | null {
  const own = targetLines(record);
  if (own.length === 0) return null;
  const isDrawn = isComparable(record);
  return {
    id: 'processor',
    name: 'Processor',
    title: finding(record),
    pictures: isDrawn ? [picture(record, own)] : [],
    reading: isDrawn ? READING : null,
    numbers: [costs(record), figures(record)].filter((table) => table.rows.length > 0),
  };
}

const READING =
  "One thread cannot use more than one core, however many are idle. The generator's busiest worker stands beside it: above 0.8 it is in doubt itself.";

function finding(record: CapacityRecord): string {
  const at = telling(record);
  const { cores = null, hottestThreadPercent = null } = at?.result.target ?? {};
  if (at === null || (cores === null && hottestThreadPercent === null))
    return `Processor time of the target against ${varyWords(record.vary)}`;
  const load = loadWords(at.load, record.vary);
  const thread =
    hottestThreadPercent === null
      ? ''
      : `its busiest thread ${percent(Math.round(hottestThreadPercent))} of one`;
  if (cores === null) return capitalized(`${thread} at ${load}`);
  return `At ${load} the target used ${inUnit(cores, 'cores')}${thread === '' ? '' : `, ${thread}`}`;
}

/** None where it was never seen. */
function targetLines(record: CapacityRecord): AgainstLine[] {
  const solid = { style: 'solid', over: 'load' } as const;
  return [
    ...against(record, {
      ...solid,
      name: 'all threads',
      tone: 'server',
      signs: true,
      pick: ({ target }) => target.cores,
    }),
    ...against(record, {
      ...solid,
      name: 'busiest thread',
      tone: 'service',
      signs: false,
      pick: ({ target: { hottestThreadPercent: hottest } }) => (hottest === null ? null : hottest / 100),
    }),
  ];
}

/** Shares of one core from which on it is worth showing: far below it, it would press all lines flat. */
const NEAR_ONE_CORE = 0.4;

function picture(record: CapacityRecord, own: readonly AgainstLine[]): Picture {
  const generator = against(record, {
    name: 'generator',
    tone: 'context',
    style: 'dashed',
    signs: false,
    over: 'load',
    pick: (figures) => figures.generator.eventLoopUtilization,
  });
  const lines = [...own, ...generator];
  const x = loadAxis(xsOf(lines), record.vary);
  const most = Math.max(...heights(lines));
  const limits = most > NEAR_ONE_CORE ? [{ y: 1, name: 'one core' }] : [];
  const y = linearAxis(Math.max(most, ...limits.map((limit) => limit.y)), 'cores');
  return {
    title: `Cores used by the target against ${varyWords(record.vary)}`,
    still: againstChart({ alt: altOf({ lines, x, y }), x, y, lines, limits }),
  };
}

/** Means and slopes over all loads that passed. */
function costs(record: CapacityRecord): Table {
  const { sizing, vary } = record;
  const line = modelOf(sizing, 'cores');
  const mean = (what: string, model: ResourceModel | null) =>
    model === null ? [] : [[what, ...interval(model.base, duration)]];
  return {
    caption: 'Costs',
    columns: [...columns('name', 'what'), ...columns('number', 'value', '95 % interval')],
    rows: [
      ...mean('processor time per connect', modelOf(sizing, 'connect-cpu')),
      ...mean('processor time per message', modelOf(sizing, 'message-cpu')),
      ...(line === null || line.slope === null
        ? []
        : [
            [
              `processor time a second for each ${oneLoad(vary)}`,
              ...interval(line.slope, (value) => duration(value * 1e6)),
            ],
          ]),
    ],
  };
}

function interval(
  { value, low, high }: ResourceModel['base'],
  words: (value: number) => string,
): [string, string] {
  return [words(value), `${words(low)} to ${words(high)}`];
}

function figures(record: CapacityRecord): Table {
  const known = (value: number | null, words: (value: number) => string) =>
    value === null ? '–' : words(value);
  return {
    caption: 'Of each try',
    columns: columns(
      'number',
      'load',
      'try',
      'cores',
      'busiest thread',
      'per connect',
      'per message',
      'descriptors',
      'processes',
      'generator busy',
      'send lag p99',
    ),
    rows: measured(record).map(({ load, own, result: { target, generator } }) => [
      loadNumber(load, record.vary),
      String(own.order),
      known(target.cores, (value) => inUnit(value, 'cores')),
      known(target.hottestThreadPercent, (value) => percent(Math.round(value))),
      known(target.cpuPerConnectUs, duration),
      known(target.cpuPerMessageUs, duration),
      known(target.descriptors, count),
      count(target.processes),
      share(generator.eventLoopUtilization),
      known(generator.sendLagP99Us, duration),
    ]),
  };
}
