import type { Metric, Metrics, RunResult } from '../../../result/types.js';
import { bytes, count, counted, inUnit, type Unit } from '../../numbers.js';
import { type Content, html } from '../markup.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** Every metric, in all and per phase, and per population where there are several. */
export function metrics(result: RunResult): Section | null {
  const names = Object.keys(result.metrics);
  if (names.length === 0) return null;
  const populations = Object.entries(result.populations);
  const scopes: Scope[] = [
    { name: 'in all', metrics: result.metrics },
    ...(populations.length > 1
      ? populations.map(([name, { metrics: own }]) => ({ name, metrics: own }))
      : []),
    ...result.phases.map((phase) => ({ name: `during ${phase.name}`, metrics: phase.metrics })),
  ];
  return {
    id: 'metrics',
    name: 'Metrics',
    title: `Every number: ${counted(names.length, 'metric')}, in all${populations.length > 1 ? ', per population' : ''} and per phase`,
    pictures: [
      {
        title: null,
        still: html`<p class="reading">Latencies first, then counters. A percentile is given once there are enough samples to hold one beyond it.</p>`,
      },
    ],
    reading: null,
    numbers: [histograms(scopes), counters(scopes)],
  };
}

interface Scope {
  readonly name: string;
  readonly metrics: Metrics;
}

interface Entry {
  readonly name: string;
  readonly scope: string;
  readonly metric: Metric;
}

function entries(scopes: readonly Scope[]): Entry[] {
  const names = [...new Set(scopes.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  return names.flatMap((name) =>
    scopes.flatMap(({ name: scope, metrics }) => {
      const metric = metrics[name];
      return metric === undefined ? [] : [{ name, scope, metric }];
    }),
  );
}

function histograms(scopes: readonly Scope[]): Table {
  return {
    caption: 'Latencies and other distributions',
    columns: [
      ...columns('name', 'metric', 'over'),
      ...columns('number', 'samples', 'unanswered', 'min', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'),
    ],
    rows: entries(scopes).flatMap(({ name, scope, metric: m }): Content[][] =>
      m.kind !== 'histogram' || m.count === 0
        ? []
        : [
            [
              name,
              scope,
              count(m.count),
              count(m.censored),
              ...[m.min, m.mean, m.p50, m.p90, m.p99, m.p999, m.max].map((value) =>
                value === null ? '–' : inUnit(value, m.unit),
              ),
            ],
          ],
    ),
  };
}

function counters(scopes: readonly Scope[]): Table {
  return {
    caption: 'Counters',
    columns: [...columns('name', 'metric'), ...columns('number', ...scopes.map(({ name }) => name))],
    rows: [...new Set(scopes.flatMap(({ metrics }) => Object.keys(metrics)))].sort().flatMap((name) => {
      const cells = scopes.map(({ metrics }) => metrics[name]);
      return cells.every((metric) => metric === undefined || metric.kind === 'histogram')
        ? []
        : [[name, ...cells.map((metric) => amount(name, metric))]];
    }),
  };
}

const UNITS: Readonly<Record<string, Unit>> = {
  us: 'us',
  ms: 'ms',
  bytes: 'bytes',
  share: 'share',
  count: 'count',
};

function amount(name: string, metric: Metric | undefined): string {
  if (metric === undefined || metric.kind === 'histogram') return '–';
  if (metric.kind === 'counter') return name.startsWith('bytes.') ? bytes(metric.value) : count(metric.value);
  if (metric.value === null) return '–';
  const unit = UNITS[metric.unit];
  return unit === undefined ? `${count(metric.value)} ${metric.unit}` : inUnit(metric.value, unit);
}
