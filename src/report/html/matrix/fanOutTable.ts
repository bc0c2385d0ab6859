import type { MatrixRecord } from '../../../result/matrix.js';
import type { MatrixBroadcast } from '../../../result/matrixBroadcast.js';
import {
  type Broadcaster,
  broadcastersIn,
  bytesPerDelivery,
  cpuPerDeliveryUs,
  p99Of,
} from '../../matrixFanOut.js';
import { bytes, count, duration, factor, percent, rate, share } from '../../numbers.js';
import { type Content, html } from '../markup.js';
import { columns, type Table } from '../table.js';
import { toneOf } from './storms.js';
import { variantName, verdictLink } from './variantCells.js';

interface Column {
  readonly name: string;
  readonly cell: (broadcast: MatrixBroadcast) => Content;
}

/** A row for each variant: what was asked for, what came, how late, what was lost, what it cost. */
export function fanOutTable({ variants }: MatrixRecord): Table {
  const all = broadcastersIn(variants);
  const shown = columnsOf(all);
  return {
    caption: null,
    columns: [
      ...columns('name', 'variant'),
      ...columns('number', ...shown.map(({ name }) => name)),
      ...columns('name', 'its run'),
    ],
    rows: variants.map((variant, i) => {
      const own = all.find((one) => one.variant === variant);
      const cells = shown.map(({ cell }) => (own === undefined ? '–' : cell(own.broadcast)));
      return [variantName(variant, toneOf(i)), ...cells, verdictLink(variant)];
    }),
  };
}

const ALWAYS: readonly Column[] = [
  { name: 'members', cell: ({ members }) => count(members) },
  { name: 'asked for', cell: ({ owedPerSecond }) => rate(owedPerSecond) },
  { name: 'deliveries', cell: ({ deliveredPerSecond }) => rate(deliveredPerSecond) },
  {
    name: 'out for each in',
    cell: ({ amplification }) => (amplification === null ? '–' : factor(amplification)),
  },
  { name: 'median p99', cell: ({ median }) => amount(p99Of(median), duration) },
  { name: 'last p99', cell: ({ last }) => amount(p99Of(last), duration) },
  { name: 'lost', cell: ({ lost, expected }) => part(lost, expected) },
  {
    name: 'processor',
    cell: ({ targetCpuPercent }) => (targetCpuPercent === null ? '–' : percent(targetCpuPercent)),
  },
];

const MISSED: Column = {
  name: 'missed',
  cell: ({ missedWhileDisconnected, expected }) => part(missedWhileDisconnected, expected),
};
const WEIGHT: Column = {
  name: 'bytes each',
  cell: (broadcast) => amount(bytesPerDelivery(broadcast), bytes),
};
const COST: Column = {
  name: 'processor each',
  cell: (broadcast) => amount(cpuPerDeliveryUs(broadcast), duration),
};
const MEMORY: Column = {
  name: 'memory at most',
  cell: ({ targetRssBytes }) => amount(targetRssBytes, bytes),
};

/** Where as many members are asked for as much, what each delivery costs is what can differ. */
function columnsOf(all: readonly Broadcaster[]): readonly Column[] {
  const isHeld = all.some(({ broadcast }) => broadcast.slowMembers > 0);
  const isSameHerd = new Set(all.map(({ broadcast }) => broadcast.members)).size < 2;
  const missed = all.some(({ broadcast }) => broadcast.missedWhileDisconnected > 0) ? [MISSED] : [];
  return [...ALWAYS, ...missed, ...(isHeld ? [MEMORY] : isSameHerd ? [WEIGHT, COST] : [])];
}

function part(of: number, whole: number): Content {
  return of === 0 ? '0' : html`<strong>${share(of / Math.max(1, whole))}</strong>`;
}

function amount(value: number | null, words: (value: number) => string): string {
  return value === null ? '–' : words(value);
}
