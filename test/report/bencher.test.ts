import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { bencherOfComparison, bencherOfRun } from '../../src/report/formats/bencher.js';
import type { ReportFile } from '../../src/report/formats/file.js';
import { cases } from './cases.js';
import { comparisons, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';

/** bencher.dev/docs/reference/bencher-metric-format: benchmarks by name, measures by slug (at most 64 letters), a value and its bounds. */
const metric = {
  type: 'object',
  required: ['value'],
  additionalProperties: false,
  properties: {
    value: { type: 'number' },
    lower_value: { type: 'number' },
    upper_value: { type: 'number' },
  },
} as const;
const validate = new Ajv().compile({
  type: 'object',
  propertyNames: { minLength: 1, maxLength: 1024 },
  additionalProperties: {
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: '^[a-z][a-z-]{0,63}$' },
    additionalProperties: metric,
  },
});

function read(files: readonly ReportFile[]) {
  expect(files.map(({ name }) => name)).toEqual(['bencher.json']);
  return JSON.parse(files[0]?.content ?? '');
}

test.each([
  ...Object.entries(cases).map(([name, run]) => [name, bencherOfRun(run())] as const),
  ...Object.entries(comparisons).map(
    ([name, make]) => [`comparison ${name}`, bencherOfComparison(make())] as const,
  ),
])('%s is Bencher Metric Format', (_name, files) => {
  validate(read(files));
  expect(validate.errors).toBeNull();
});

describe('of a run', () => {
  const report = read(bencherOfRun(goodRun()));

  test('latencies are in nanoseconds, as the measure of that name wants them', () => {
    const response = goodRun().metrics['heartbeat.response'];
    const p99Us = response?.kind === 'histogram' ? response.p99 : null;
    expect(report['quickstart heartbeat.response p99']).toEqual({ latency: { value: 1000 * (p99Us ?? 0) } });
  });

  test('each measure has one unit and one direction', () => {
    expect(report['quickstart memory.perConnection']).toEqual({
      'memory-bytes': { value: 5837, lower_value: 4920, upper_value: 6754 },
    });
    expect(report['quickstart target.cpuPerMessage']).toEqual({ 'cpu-time': { value: 31_000 } });
    expect(report['quickstart connections.peakOpen']).toEqual({ connections: { value: 1000 } });
    expect(report['quickstart connections.neverOpened']).toEqual({ count: { value: 0 } });
    expect(Object.keys(report['quickstart messages.received'])).toEqual(['throughput']);
  });
});

test('of a comparison there are the medians of the candidate, within the bounds of its runs', () => {
  expect(read(bencherOfComparison(mixedComparison()))['quickstart heartbeat.response p50']).toEqual({
    latency: { value: 2_100_000, lower_value: 2_047_500, upper_value: 2_152_500 },
  });
});
