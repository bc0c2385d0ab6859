import type { CapacityRecord, ResourceModel } from '../../../result/capacity.js';
import { loadWords, varyWords } from '../../capacityWords.js';
import { loadNumber, oneLoad } from '../../loads.js';
import { bytes } from '../../numbers.js';
import { type AgainstBand, type AgainstLine, againstChart } from '../againstChart.js';
import { rangeAxis } from '../axis.js';
import { type Fit, fittedLine, residualWords } from '../fittedLine.js';
import type { Picture, Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { against, altOf, heights, isComparable, loadAxis, xsOf } from './against.js';
import { isTold, modelOf, rangeWords } from './models.js';
import { measured, telling } from './tries.js';

/** Memory against load; null when none was ever seen. */
export function memorySection(record: CapacityRecord): Section | null {
  const rss = modelOf(record.sizing, 'memory');
  const kernel = modelOf(record.sizing, 'kernel-memory');
  const isSeen = measured(record).some(({ result }) => result.target.rssBytes !== null);
  if (!isLine(rss) && !isSeen) return null;
  return {
    id: 'memory',
    name: 'Memory',
    title: finding(record, rss),
    pictures: isLine(rss)
      ? [fittedPicture(record, rss, kernel)]
      : isComparable(record)
        ? [plainPicture(record)]
        : [],
    reading: isLine(rss) ? readingOf(rss, kernel) : 'There are too few loads for a line through them.',
    numbers: [...(isLine(rss) ? [costs(record, rss, kernel)] : []), figures(record, rss)],
  };
}

interface FittedModel extends ResourceModel {
  readonly slope: NonNullable<ResourceModel['slope']>;
}

function isLine(model: ResourceModel | null): model is FittedModel {
  return model !== null && model.slope !== null && model.points.length > 1;
}

function finding(record: CapacityRecord, rss: ResourceModel | null): string {
  if (isLine(rss)) {
    if (!isTold(rss.slope)) {
      return `What one ${oneLoad(record.vary)} costs in memory cannot be told from these loads (${rangeWords(rss.slope, 'bytes')})`;
    }
    return `Each ${oneLoad(record.vary)} costs ${bytes(rss.slope.value)} of the target's memory (${rangeWords(rss.slope, 'bytes')})`;
  }
  const at = telling(record);
  const held = at?.result.target.rssBytes ?? null;
  return at === null || held === null
    ? `Memory of the target against ${varyWords(record.vary)}`
    : `The target held ${bytes(held)} at ${loadWords(at.load, record.vary)}`;
}

function fitOf({ points, slope, base }: FittedModel): Fit {
  return { points: points.map(({ load, value }) => ({ x: load, y: value })), slope, base: base.value };
}

function fittedPicture(record: CapacityRecord, rss: FittedModel, kernel: ResourceModel | null): Picture {
  const x = linearLoads(record, rss);
  const own = fittedLine(fitOf(rss), { name: 'resident', tone: 'server', untilX: x.max });
  const beside = isLine(kernel)
    ? [fittedLine(fitOf(kernel), { name: 'kernel', tone: 'context', untilX: x.max })]
    : [];
  const lines = [own, ...beside].flatMap((drawn) => drawn.lines);
  const bands = [own, ...beside].map(({ band }) => band);
  const y = rangeAxis(0, tallest(lines, bands), 'bytes', 4);
  return {
    title: `Memory against ${varyWords(record.vary)}`,
    still: againstChart({ alt: altOf({ lines, x, y }), x, y, lines, bands }),
  };
}

/** From zero on, where the line shows what is there without load. */
function linearLoads({ vary }: CapacityRecord, { points }: ResourceModel) {
  const most = points.reduce((high, { load }) => Math.max(high, load), 1);
  return loadAxis([most], vary);
}

function tallest(lines: readonly AgainstLine[], bands: readonly AgainstBand[]): number {
  return Math.max(1, ...heights(lines), ...bands.flatMap((band) => band.map(({ high }) => high)));
}

/** Without a model, what was seen of several loads. */
function plainPicture(record: CapacityRecord): Picture {
  const lines = against(record, {
    name: 'resident',
    tone: 'server',
    style: 'solid',
    signs: true,
    over: 'load',
    pick: ({ target }) => target.rssBytes,
  });
  const x = loadAxis(xsOf(lines), record.vary);
  const y = rangeAxis(0, tallest(lines, []), 'bytes', 4);
  return {
    title: `Resident memory of the target against ${varyWords(record.vary)}`,
    still: againstChart({ alt: altOf({ lines, x, y }), x, y, lines }),
  };
}

function readingOf(rss: FittedModel, kernel: ResourceModel | null): string {
  return [
    `Each point is the target at the end of a try that passed, the bands are 95 % intervals of the slopes; without load it held ${bytes(rss.base.value)}.`,
    residualWords(fitOf(rss), 'loads'),
    ...(isLine(kernel)
      ? [
          "Kernel memory is the machine's, both ends of each connection where they share one, and not in the target's.",
        ]
      : []),
  ].join(' ');
}

function costs({ vary }: CapacityRecord, rss: FittedModel, kernel: ResourceModel | null): Table {
  const row = (name: string, { value, low, high }: ResourceModel['base']) => [
    name,
    bytes(value),
    `${bytes(low)} to ${bytes(high)}`,
  ];
  const each = `for each ${oneLoad(vary)}`;
  return {
    caption: 'Fitted lines',
    columns: [...columns('name', 'what'), ...columns('number', 'value', '95 % interval')],
    rows: [
      row(`resident, ${each}`, rss.slope),
      row('resident, without load', rss.base),
      ...(isLine(kernel)
        ? [row(`kernel, ${each}`, kernel.slope), row('kernel, without load', kernel.base)]
        : []),
    ],
  };
}

function figures(record: CapacityRecord, rss: ResourceModel | null): Table {
  const known = (value: number | null) => (value === null ? '–' : bytes(value));
  return {
    caption: 'Of each try',
    columns: columns(
      'number',
      'load',
      'try',
      'resident',
      'proportional (PSS)',
      'off the line',
      'per connection, by its own ramp',
    ),
    rows: measured(record).map(({ load, own, result: { target } }) => [
      loadNumber(load, record.vary),
      String(own.order),
      known(target.rssBytes),
      known(target.pssBytes),
      isLine(rss) && target.rssBytes !== null
        ? bytes(target.rssBytes - rss.base.value - rss.slope.value * load)
        : '–',
      known(target.memoryPerConnectionBytes),
    ]),
  };
}
