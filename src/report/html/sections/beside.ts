import type { PhaseResult, RunResult } from '../../../result/types.js';
import { counter, histogram, tail } from '../../headline.js';
import { count, counted, duration } from '../../numbers.js';
import { heatChart } from '../heatChart.js';
import type { Content } from '../markup.js';
import { rangeBar, rangeBarAxis } from '../rangeBar.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';

/** Whether the rest of the server still answered: plain HTTP beside the run. */
export function beside(result: RunResult): Section | null {
  const requests = counter(result.metrics, 'http.requests') ?? 0;
  if (requests === 0) return null;
  const heat = heatChart(result, 'http.response', 'http', 'plain HTTP requests');
  return {
    id: 'beside',
    name: 'HTTP beside',
    title: finding(result, requests),
    pictures: heat === null ? [] : [heat],
    reading:
      'A few connections ask for a plain page over and over beside the run, each as soon as it was answered: what they feel, the rest of the server feels.',
    numbers: [phaseTable(result)],
  };
}

function finding(result: RunResult, requests: number): string {
  const failed = failedIn(result.metrics);
  const slowest = slowestPhase(result.phases);
  if (failed === requests)
    return `The rest of the server did not answer: all ${count(requests)} plain HTTP requests failed`;
  const within = slowest === null ? '' : ` within ${slowest.words} at worst, during ${slowest.phase}`;
  if (failed === 0) return `The rest of the server still answered: plain HTTP${within}`;
  return `The rest of the server answered plain HTTP${within}; ${count(failed)} of ${counted(requests, 'request')} failed${failedWhen(result.phases, failed)}`;
}

function failedWhen(phases: readonly PhaseResult[], failed: number): string {
  const worst = failingPhase(phases);
  if (worst === null) return '';
  return `, ${worst.failed === failed ? 'all' : 'most'} of them during ${worst.name}`;
}

function slowestPhase(phases: readonly PhaseResult[]): { phase: string; words: string } | null {
  const timed = phases.flatMap(({ name, metrics }) => {
    const metric = histogram(metrics, 'http.response');
    const top = metric === null ? null : tail(metric);
    return top === null ? [] : [{ phase: name, us: top.us, words: `${duration(top.us)} (${top.label})` }];
  });
  return timed.length === 0 ? null : timed.reduce((a, b) => (b.us > a.us ? b : a));
}

function failingPhase(phases: readonly PhaseResult[]): { name: string; failed: number } | null {
  const failed = phases.map(({ name, metrics }) => ({ name, failed: failedIn(metrics) }));
  return failed.reduce<{ name: string; failed: number } | null>(
    (most, phase) => (phase.failed > (most?.failed ?? 0) ? phase : most),
    null,
  );
}

function failedIn(metrics: PhaseResult['metrics']): number {
  return (counter(metrics, 'http.errors') ?? 0) + (counter(metrics, 'http.refused') ?? 0);
}

function phaseTable({ phases }: RunResult): Table {
  const asked = phases.filter(({ metrics }) => (counter(metrics, 'http.requests') ?? 0) > 0);
  const timed = asked.map(({ metrics }) => histogram(metrics, 'http.response'));
  const axis = rangeBarAxis(
    timed.flatMap((metric) => (metric === null ? [] : [metric.p50, metric.p99, metric.max])),
  );
  const figure = (us: number | null | undefined) => (us === null || us === undefined ? '–' : duration(us));
  return {
    caption: null,
    columns: [
      ...columns('name', 'phase'),
      ...columns('bar', 'p50 to p99'),
      ...columns('number', 'p50', 'p99', 'max', 'requests', 'answered', 'refused', 'not answered'),
    ],
    rows: asked.map(({ name, metrics }, i): Content[] => {
      const metric = timed[i] ?? null;
      const of = (what: string) => count(counter(metrics, `http.${what}`) ?? 0);
      return [
        name,
        metric === null ? null : rangeBar(metric.p50 ?? metric.min, metric.p99 ?? metric.max, axis),
        figure(metric?.p50),
        figure(metric?.p99),
        figure(metric?.max),
        ...['requests', 'answered', 'refused', 'errors'].map(of),
      ];
    }),
  };
}
