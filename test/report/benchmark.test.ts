import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { benchmarkOfComparison, benchmarkOfRun } from '../../src/report/formats/benchmark.js';
import type { ReportFile } from '../../src/report/formats/file.js';
import { cases } from './cases.js';
import { comparisons, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';

/** github.com/benchmark-action/github-action-benchmark: README, "Custom benchmarks", and examples/custom/README.md. */
const schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name', 'unit', 'value'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1 },
      unit: { type: 'string', minLength: 1 },
      value: { type: 'number' },
      range: { type: 'string' },
      extra: { type: 'string' },
    },
  },
} as const;
const validate = new Ajv().compile(schema);

interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
}

function entriesOf(files: readonly ReportFile[], direction: 'smaller' | 'bigger'): Entry[] {
  const file = files.find(({ name }) => name === `benchmark-${direction}-is-better.json`);
  return JSON.parse(file?.content ?? '[]');
}

const all = [
  ...Object.entries(cases).map(([name, run]) => [name, benchmarkOfRun(run())] as const),
  ...Object.entries(comparisons).map(
    ([name, make]) => [`comparison ${name}`, benchmarkOfComparison(make())] as const,
  ),
];

test.each(all)('%s is in the form of github-action-benchmark', (_name, files) => {
  for (const { content } of files) {
    validate(JSON.parse(content));
    expect(validate.errors).toBeNull();
  }
});

test.each(all)('%s has no name that does anything in the comment that it is put into', (_name, files) => {
  // The action writes comments in Markdown, with the name in code in a cell of a table.
  for (const { content } of files) {
    for (const { name } of JSON.parse(content)) expect(name).not.toMatch(/[`|<>@#&\\\n\r*[\]]/);
  }
});

describe('of a run', () => {
  const files = benchmarkOfRun(goodRun());

  test('there is a file for what is to be small and one for what is to be big', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'benchmark-smaller-is-better.json',
      'benchmark-bigger-is-better.json',
    ]);
    expect(entriesOf(files, 'smaller').map(({ name, unit }) => `${name} in ${unit}`)).toEqual([
      'quickstart handshake.total p50 in µs',
      'quickstart handshake.total p90 in µs',
      'quickstart handshake.total p99 in µs',
      'quickstart handshake.total p999 in µs',
      'quickstart heartbeat.response p50 in µs',
      'quickstart heartbeat.response p90 in µs',
      'quickstart heartbeat.response p99 in µs',
      'quickstart heartbeat.response p999 in µs',
      'quickstart memory.perConnection in bytes',
      'quickstart target.cpuPerConnect in µs',
      'quickstart target.cpuPerMessage in µs',
      'quickstart connections.neverOpened in count',
      'quickstart closes.abnormal in count',
    ]);
    expect(entriesOf(files, 'bigger').map(({ name, unit }) => `${name} in ${unit}`)).toEqual([
      'quickstart connections.peakOpen in count',
      'quickstart messages.received in per second',
      'quickstart messages.sent in per second',
    ]);
  });

  test('memory has its interval', () => {
    const memory = entriesOf(files, 'smaller').find(({ unit }) => unit === 'bytes');
    expect(memory).toMatchObject({ value: 5837, range: '4920 to 6754' });
  });

  test('of what was published the share that arrived is big', () => {
    const bigger = entriesOf(benchmarkOfRun(cases.lossy()), 'bigger');
    const delivered = bigger.find(({ name }) => name.endsWith(' broadcast.delivered'));
    expect(delivered?.value).toBeLessThan(1);
    expect(delivered?.value).toBeGreaterThan(0.9);
  });

  test('a figure that is not reliable is not kept', () => {
    const run = goodRun();
    const memory = run.target.memoryPerConnection;
    const target = { ...run.target, memoryPerConnection: memory && { ...memory, reliable: false } };
    expect(benchmarkOfRun({ ...run, target })[0]?.content).not.toContain('memory.perConnection');
  });
});

test('of a comparison there are the medians of the candidate, from its least to its most', () => {
  const entries = entriesOf(benchmarkOfComparison(mixedComparison()), 'smaller');
  expect(entries[0]).toMatchObject({
    ...{ name: 'quickstart heartbeat.response p50', unit: 'µs', value: 2100, range: '2047.5 to 2152.5' },
  });
  expect(entries.map(({ unit }) => unit)).toEqual(['µs', 'µs', 'bytes', 'share of 1', 'µs']);
});
