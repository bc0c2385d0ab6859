import type { HistogramMetric, RunResult } from '../../../result/types.js';
import { histogram } from '../../headline.js';
import { count, duration, share } from '../../numbers.js';
import { rangeBar, rangeBarAxis } from '../rangeBar.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

const STAGES = [
  ['dns', 'name resolution'],
  ['tcp', 'TCP connect'],
  ['tls', 'TLS handshake'],
  ['upgrade', 'HTTP upgrade'],
  ['total', 'handshake in all'],
  ['ready', 'until the application let it in'],
] as const;

interface Stage {
  readonly key: string;
  readonly words: string;
  readonly metric: HistogramMetric;
}

/** Which part of the handshake takes the time. */
export function handshakeStages(result: RunResult): Section | null {
  const stages = STAGES.flatMap(([key, words]): Stage[] => {
    const metric = histogram(result.metrics, `handshake.${key}`);
    return metric === null ? [] : [{ key, words, metric }];
  });
  const parts = stages.filter(({ key }) => key === 'tcp' || key === 'tls' || key === 'upgrade');
  if (parts.length < 2) return null;
  const axis = rangeBarAxis(stages.flatMap(({ metric: { min, p50, p99, max } }) => [min, p50, p99, max]));
  const figure = (us: number | null) => (us === null ? '–' : duration(us));
  return {
    id: 'stages',
    name: 'Stages',
    title: finding(parts),
    pictures: [],
    reading:
      'The bar goes from the median to the p99, on a scale where each step is ten times the one before.',
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'stage'),
          ...columns('bar', 'p50 to p99'),
          ...columns('number', 'p50', 'p99', 'max', 'samples'),
        ],
        rows: stages.map(({ words, metric: m }) => [
          words,
          rangeBar(m.p50 ?? m.min, m.p99 ?? m.max, axis),
          figure(m.p50),
          figure(m.p99),
          figure(m.max),
          count(m.count),
        ]),
      },
    ],
  };
}

function finding(parts: readonly Stage[]): string {
  const medians = parts.map(({ words, metric }) => ({ words, us: metric.p50 ?? metric.mean ?? 0 }));
  const whole = medians.reduce((sum, { us }) => sum + us, 0);
  const longest = medians.reduce((a, b) => (b.us > a.us ? b : a));
  if (whole === 0) return 'No stage of the handshake took any time';
  return `The ${longest.words} was the longest part of a handshake: ${duration(longest.us)}, ${share(longest.us / whole)} of the median`;
}
