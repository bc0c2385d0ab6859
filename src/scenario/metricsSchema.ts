import { z } from 'zod';
import { keys } from './fields.js';

/** Names as Prometheus' client libraries write them: process_ is common to all, nodejs_ of Node's. */
const defaultNames = {
  resident: 'process_resident_memory_bytes',
  cpu: 'process_cpu_seconds_total',
  descriptors: 'process_open_fds',
  heap: 'nodejs_heap_size_used_bytes',
  loopDelay: 'nodejs_eventloop_lag_p99_seconds',
} as const;

const pageUrl = () =>
  z.string().meta({
    description: 'Address of a page of metrics in Prometheus’ text format',
    examples: ['http://127.0.0.1:9100/metrics'],
  });

const metricName = (what: keyof typeof defaultNames, description: string) =>
  z
    .string()
    .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, {
      error: `must be the name of a metric without labels, such as ${defaultNames[what]}`,
    })
    .default(defaultNames[what])
    .describe(description);

/** What a target tells of itself to Prometheus. */
export const metricsSchema = z
  .union([
    pageUrl(),
    keys({
      url: pageUrl(),
      resident: metricName('resident', 'Resident memory in bytes'),
      cpu: metricName('cpu', 'Processor time in seconds, growing'),
      descriptors: metricName('descriptors', 'Open files'),
      heap: metricName('heap', 'Used heap in bytes'),
      loopDelay: metricName('loopDelay', 'How late the event loop is, in seconds'),
    }),
  ])
  .transform((metrics) => (typeof metrics === 'string' ? { url: metrics, ...defaultNames } : metrics))
  .meta({
    description: 'What the target tells Prometheus of itself, read once a second',
    examples: ['http://127.0.0.1:9100/metrics'],
  });

export type MetricsDocument = z.output<typeof metricsSchema>;
