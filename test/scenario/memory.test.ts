import { expect, test } from 'vitest';
import { parse, problemsOf, scenarioText } from './texts.js';

const names = {
  resident: 'process_resident_memory_bytes',
  cpu: 'process_cpu_seconds_total',
  descriptors: 'process_open_fds',
  heap: 'nodejs_heap_size_used_bytes',
  loopDelay: 'nodejs_eventloop_lag_p99_seconds',
};

function withTarget(target: string): string {
  return `version: 1\ntarget: ${target}\npopulations: { clients: { connections: 10 } }`;
}

test('a metrics page is its address, with names of its own where it has them', () => {
  const url = 'http://127.0.0.1:9100/metrics';
  const short = parse(withTarget(`{ url: "ws://127.0.0.1/", metrics: "${url}" }`));
  expect(short.target).toEqual({
    ...{ kind: 'url', url: 'ws://127.0.0.1/', pid: null },
    metrics: { url, ...names },
  });
  const named = parse(
    withTarget(
      `{ url: "ws://127.0.0.1/", pid: 5, metrics: { url: "${url}", heap: go_memstats_heap_alloc_bytes } }`,
    ),
  );
  expect(named.target).toMatchObject({
    ...{ pid: 5, metrics: { ...names, url, heap: 'go_memstats_heap_alloc_bytes' } },
  });
});

test('its address is filled in: the environment anywhere, the port of a command', () => {
  const command = '[node, server.js, "${port}"]';
  const { target, secrets } = parse(
    withTarget(`{ command: ${command}, metrics: "http://127.0.0.1:\${port}/\${env.PAGE}" }`),
    { env: { PAGE: 'secret-page' } },
  );
  expect(target).toMatchObject({ metrics: { url: 'http://127.0.0.1:${port}/secret-page', ...names } });
  expect(secrets).toContain('secret-page');
});

test.each([
  ['{ url: "ws://127.0.0.1/", metrics: "127.0.0.1:9100" }', /target\.metrics: must begin with http/],
  ['{ url: "ws://127.0.0.1/", metrics: "http://[" }', /target\.metrics: is not an address/],
  ['{ url: "ws://127.0.0.1/", metrics: "http://me:you@127.0.0.1/" }', /target\.metrics: has credentials/],
  ['{ url: "ws://127.0.0.1/", metrics: "http://127.0.0.1:${port}/" }', /target\.metrics: /],
  ['{ url: "ws://127.0.0.1/", metrics: { heap: x } }', /target\.metrics\.url: is missing/],
  [
    '{ url: "ws://127.0.0.1/", metrics: { url: "http://127.0.0.1/", heap: "x{a}" } }',
    /target\.metrics\.heap: must be the name of a metric without labels/,
  ],
  [
    '{ url: "ws://127.0.0.1/", metrics: { url: "http://127.0.0.1/", heep: x } }',
    /target\.metrics\.heep: is not a known key, did you mean "heap"/,
  ],
  ['{ server: echo, metrics: "http://127.0.0.1/" }', /target\.metrics: goes only with url or command/],
])('%s is refused with what to write instead', (target, says) => {
  expect(problemsOf(withTarget(target))).toEqual([expect.stringMatching(says)]);
});

const steps = 'timeline: [{ ramp: { steps: 8 } }]';

function claiming(row: string): string {
  return scenarioText(steps, `claims: { memory: [${row}] }`);
}

test('a claim is a range in bytes; a lone size is a quarter more or less', () => {
  const rows = [
    '{ what: buffers, claimed: 8KB, is: kernel }',
    '{ what: all, claimed: 110MB to 150MB, is: total, connections: 10000 }',
  ];
  expect(parse(claiming(rows.join(', '))).claims).toEqual([
    { what: 'buffers', is: 'kernel', claimed: '8KB', lowBytes: 6000, highBytes: 10_000, connections: 1 },
    {
      ...{ what: 'all', is: 'total', claimed: '110MB to 150MB', lowBytes: 1.1e8, highBytes: 1.5e8 },
      connections: 10_000,
    },
  ]);
  expect(parse(scenarioText()).claims).toBeUndefined();
});

test.each([
  ['{ what: x, claimed: 8, is: heap }', /claimed: must be a size or a range, such as 8KB/],
  ['{ what: x, claimed: 8k, is: heap }', /claimed: "8k" is not a size/],
  ['{ what: x, claimed: 8KB-9KB, is: heap }', /claimed: "8KB-9KB" is not a size/],
  ['{ what: x, claimed: 9KB to 8KB, is: heap }', /claimed: ends below where it begins: write 8KB to 9KB/],
  ['{ what: x, claimed: 1KB to 2KB to 3KB, is: heap }', /claimed: has more than two ends/],
  ['{ what: x, claimed: 0B, is: heap }', /claimed: must be more than 0B/],
  ['{ what: x, claimed: 8KB, is: heep }', /is: "heep" is not known, did you mean "heap"/],
  ['{ what: x, claimed: 8KB }', /is: is missing/],
])('%s is refused', (row, says) => {
  expect(problemsOf(claiming(row))).toEqual([expect.stringMatching(says)]);
});

test('claims without plateaus to measure them on are refused', () => {
  const row = 'claims: { memory: [{ what: x, claimed: 8KB, is: heap }] }';
  const needs = [expect.stringMatching(/claims: need a ramp in at least 4 steps/)];
  expect(problemsOf(scenarioText(row))).toEqual(needs);
  expect(problemsOf(scenarioText(row, 'timeline: [{ ramp: { steps: 3 } }]'))).toEqual(needs);
  const two = 'timeline: [{ ramp: { to: 50%, steps: 2 } }, { ramp: { steps: 2 } }]';
  expect(problemsOf(scenarioText(row, two))).toEqual([]);
});

test('what is retained may be limited, as memory of the whole target', () => {
  const [threshold] = parse(scenarioText('thresholds: [memory.retained < 1KiB]')).thresholds;
  expect(threshold).toMatchObject({ name: 'memory.retained', unit: 'bytes', value: 1024 });
  expect(problemsOf(scenarioText('thresholds: [clients/memory.retained < 1KiB]'))).toHaveLength(1);
  expect(problemsOf(scenarioText('thresholds: [memory.retained < 1KiB during hold]'))).toHaveLength(1);
});
