import type { CapacityRecord, Forecast, Interval, Resource, Sizing } from '../../../result/capacity.js';
import { loadWords, varyWords } from '../../capacityWords.js';
import { loadNumber, loadUnit } from '../../loads.js';
import { factor, type Unit } from '../../numbers.js';
import { bytesNeeded, coresNeeded } from '../../sizingWords.js';
import { type AgainstBand, type AgainstLine, againstChart } from '../againstChart.js';
import { linearAxis } from '../axis.js';
import { html } from '../markup.js';
import type { Picture, Section } from '../section.js';
import { columns, type Table, table } from '../table.js';
import { altOf, heights } from './against.js';
import { modelOf } from './models.js';

/** What other loads would need; null when nothing can be said, not even why. */
export function sizingSection({ sizing, vary }: CapacityRecord): Section | null {
  if (sizing === null || (sizing.forecasts.length === 0 && sizing.notes.length === 0)) return null;
  return {
    id: 'sizing',
    name: 'Next size',
    title: finding(sizing),
    pictures: [
      ...(sizing.forecasts.length === 0 ? [] : [{ title: null, still: table(forecasts(sizing)) }]),
      ...picture(sizing, 'memory', 'bytes', 'Memory'),
      ...picture(sizing, 'cores', 'cores', 'Cores'),
    ],
    reading: [
      ...(sizing.forecasts.length === 0
        ? []
        : [
            `Tested from ${loadNumber(sizing.tested.least, vary)} to ${loadWords(sizing.tested.most, vary)}; the intervals are those of one new observation, 95 %.`,
          ]),
      ...(sizing.forecasts.some(({ extrapolated }) => extrapolated)
        ? ['Where a line is dashed it is an extrapolation: a guess that grows with the distance.']
        : []),
      ...sizing.notes,
    ].join(' '),
    numbers: [],
  };
}

/** The one that readers ask for, else the farthest; null without any. */
export function tenTimes({ forecasts }: Sizing): Forecast | null {
  const near = (forecast: Forecast) => Math.abs(Math.log(forecast.times / 10));
  return forecasts.reduce<Forecast | null>(
    (best, forecast) => (best === null || near(forecast) < near(best) ? forecast : best),
    null,
  );
}

function finding(sizing: Sizing): string {
  const next = tenTimes(sizing);
  const needs = next === null ? [] : needsOf(next);
  if (next === null || needs.length === 0) return 'What other loads would need cannot be said';
  const far = next.extrapolated ? ', by extrapolation' : '';
  return `${loadWords(next.load, sizing.vary)} would need ${needs.join(' and ')}${far}`;
}

function needsOf({ memoryBytes, cores }: Forecast): string[] {
  return [
    ...(memoryBytes === null ? [] : [bytesNeeded(memoryBytes)]),
    ...(cores === null ? [] : [coresNeeded(cores)]),
  ];
}

function picture(sizing: Sizing, resource: Resource, unit: Unit, name: string): Picture[] {
  const { tested, vary } = sizing;
  const band = bandOf(sizing, resource);
  const model = modelOf(sizing, resource);
  if (model === null || model.slope === null || band.length === 0) return [];
  const slope = model.slope.value;
  const farthest = Math.max(tested.most, ...band.map(({ x }) => x));
  const known = Math.min(farthest, tested.most * 2);
  const line = (from: number, to: number, own: Pick<AgainstLine, 'name' | 'style'>): AgainstLine => ({
    ...own,
    tone: 'server',
    points: [from, to].map((x) => ({ x, y: model.base.value + slope * x, sign: null })),
  });
  const isFar = farthest > known;
  const lines: AgainstLine[] = [
    line(0, known, { name: isFar ? '' : 'needed', style: 'solid' }),
    ...(isFar ? [line(known, farthest, { name: 'extrapolated', style: 'dashed' })] : []),
    {
      name: '',
      tone: 'server',
      style: 'none',
      points: model.points.map(({ load, value }) => ({ x: load, y: value, sign: 'passed' })),
    },
  ];
  const x = linearAxis(farthest, loadUnit(vary), 5);
  const y = linearAxis(Math.max(...heights(lines), ...band.map(({ high }) => high)), unit);
  const forecast = band.map((at) => ({ x: at.x, y: (at.low + at.high) / 2, sign: null }));
  const alt = altOf({
    x,
    y,
    lines: [{ name: `${name} needed`, tone: 'server', style: 'solid', points: forecast }],
  });
  const notes = [{ x: tested.most, name: 'tested up to here' }];
  return [
    {
      title: `${name} against ${varyWords(vary)}, with the interval of a new observation`,
      still: againstChart({ alt, x, y, lines, bands: [band], notes }),
    },
  ];
}

/** Through the intervals of the forecasts, ascending. */
function bandOf({ forecasts }: Sizing, resource: Resource): AgainstBand {
  return [...forecasts]
    .sort((a, b) => a.load - b.load)
    .flatMap((forecast) => {
      const interval = resource === 'memory' ? forecast.memoryBytes : forecast.cores;
      return interval === null
        ? []
        : [{ x: forecast.load, low: Math.max(0, interval.low), high: interval.high }];
    });
}

function forecasts({ forecasts, vary }: Sizing): Table {
  const known = (interval: Interval | null, words: (interval: Interval) => string) =>
    interval === null ? '–' : words(interval);
  return {
    caption: null,
    columns: [
      ...columns('number', 'load', 'times the tested', 'memory', 'kernel memory', 'cores'),
      ...columns('name', ''),
    ],
    rows: forecasts.map(({ load, times, extrapolated, memoryBytes, kernelBytes, cores }) => [
      loadNumber(load, vary),
      factor(times),
      known(memoryBytes, bytesNeeded),
      known(kernelBytes, bytesNeeded),
      known(cores, coresNeeded),
      extrapolated ? html`<span class="doubt">extrapolated</span>` : 'within reach',
    ]),
  };
}
