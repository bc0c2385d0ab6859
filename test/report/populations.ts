import type { RunResult } from '../../src/result/types.js';
import { closed } from './endings.js';
import { goodRun } from './fixture.js';
import { metricOf } from './samples.js';

/** Three populations, with churn and every kind of ending. */
export function severalPopulations(): RunResult {
  const run = goodRun();
  const own = (share: number) => ({
    ...run.connections,
    planned: Math.round(1000 * share),
    opened: Math.round(1000 * share),
  });
  const echo = metricOf(
    Array.from({ length: 4000 }, (_, i) => 400 + (i % 97) * 9),
    12,
  );
  return {
    ...run,
    metrics: { ...run.metrics, 'echo.response': echo, 'echo.service': echo },
    populations: {
      listeners: { connections: own(0.6), metrics: run.metrics, recoveries: [] },
      speakers: { connections: own(0.3), metrics: { 'echo.response': echo }, recoveries: [] },
      'slow readers': { connections: own(0.1), metrics: {}, recoveries: [] },
    },
    closes: [
      closed({
        phase: 'ramp',
        code: 1013,
        cause: 'close-frame',
        initiator: 'server',
        count: 12,
        example: 'try later',
      }),
      closed({ phase: 'hold', code: 1000, cause: 'close-frame', initiator: 'client', count: 214 }),
      closed({
        phase: 'hold',
        code: 1008,
        cause: 'close-frame',
        initiator: 'server',
        count: 21,
        population: 'speakers',
        example: 'unauthorized',
      }),
      closed({
        phase: 'hold',
        code: null,
        cause: 'fin',
        initiator: 'network',
        count: 33,
        population: 'speakers',
      }),
      closed({
        phase: 'hold',
        code: 1002,
        cause: 'protocol-error',
        initiator: 'client',
        count: 4,
        example: 'reserved bits set',
      }),
      closed({
        phase: 'hold',
        code: null,
        cause: 'heartbeat-timeout',
        initiator: 'client',
        count: 8,
        population: 'slow readers',
      }),
      closed({ phase: 'drain', code: 1000, cause: 'local-close', initiator: 'client', count: 922 }),
      closed({
        phase: 'drain',
        code: null,
        cause: 'local-abort',
        initiator: 'client',
        count: 6,
        population: 'slow readers',
      }),
    ],
    failures: [
      {
        phase: 'ramp',
        population: 'speakers',
        stage: 'upgrade',
        cause: 'http-429',
        count: 31,
        example: 'HTTP/1.1 429 Too Many Requests',
      },
    ],
    connections: {
      ...run.connections,
      attempted: 1245,
      opened: 1214,
      failed: 31,
      dropped: 78,
      reconnected: 214,
    },
    target: {
      ...run.target,
      books: run.target.books.map((entry, i) =>
        i === 1 ? { ...entry, server: entry.server - 3, balanced: false } : entry,
      ),
    },
  };
}
