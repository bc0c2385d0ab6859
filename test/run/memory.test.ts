import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { MemoryPerConnection, TargetResult } from '../../dist/result/targetRecord.js';
import { type CliRun, run } from '../support/cli.js';
import { unusedPort } from '../support/processes.js';
import { scenarioFile } from '../support/scratch.js';

const SERVER = fileURLToPath(new URL('../support/holdingServer.mjs', import.meta.url));
const KIB = 1024;
const CONNECTIONS = 480;

function scenario(target: object, more: object = {}): string {
  return scenarioFile({
    target,
    populations: { idle: { connections: CONNECTIONS, arrive: { over: '800ms' } } },
    timeline: [
      { ramp: { steps: 8, settle: '150ms' } },
      { hold: { for: '1s', name: 'held' } },
      { drain: '2s' },
    ],
    ...more,
  });
}

/** A server of the user's with the probe, V8's young generation kept small as docs/memory.md says. */
function holding(...options: string[]): object {
  const node = ['node', '--max-semi-space-size=1', '--import', 'wsherd/probe'];
  return { command: [...node, SERVER, '--port', '${port}', ...options] };
}

const claims = {
  memory: [
    { what: 'right', claimed: '17KiB to 24KiB', is: 'heap' },
    { what: 'too little', claimed: '1KiB', is: 'heap' },
    { what: 'too much', claimed: '1MiB to 2MiB', is: 'total' },
  ],
};

const scenarios = {
  leaking: () => scenario(holding('--leak', '16384'), { thresholds: ['memory.retained < 8KiB'] }),
  freeing: () => scenario(holding('--state', '16384'), { claims, thresholds: ['memory.retained < 8KiB'] }),
  blind: () => scenario({ command: ['node', SERVER, '--port', '${port}'] }),
} as const;

const runs = new Map<string, CliRun>();

beforeAll(async () => {
  // Side by side, since most of a run is waiting.
  const each = Object.entries(scenarios).map(async ([name, file]) => {
    runs.set(name, await run(['run', file(), '--allow-saturated']));
  });
  await Promise.all(each);
});

function finished(name: keyof typeof scenarios): CliRun {
  const found = runs.get(name);
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
}

function memoryOf(target: TargetResult): MemoryPerConnection {
  const { memoryPerConnection, memoryUnknownBecause } = target;
  if (memoryPerConnection === null) throw new Error(memoryUnknownBecause ?? 'no memory and no reason');
  return memoryPerConnection;
}

/** What a connection of `ws` takes of the heap lies between these, whatever else the server holds of it. */
const LEAST_OF_WS = 1.5 * KIB;
const MOST_OF_WS = 6 * KIB;

test.each(['leaking', 'freeing'] as const)(
  'the heap of a %s server grows by what it takes of each connection',
  (name) => {
    const { target, connections } = finished(name).result;
    expect(connections).toMatchObject({ opened: CONNECTIONS, openAtEnd: CONNECTIONS });
    const { heap, points } = memoryOf(target);
    expect(points.map(({ open }) => open)).toEqual([0, 60, 120, 180, 240, 300, 360, 420, 480]);
    if (heap === null || heap === undefined) throw new Error('no heap was read');
    expect(heap.collected).toBe(true);
    expect(heap.ci95[1]).toBeGreaterThan(16 * KIB + LEAST_OF_WS);
    expect(heap.ci95[0]).toBeLessThan(16 * KIB + MOST_OF_WS);
    expect(heap.ci95[1] - heap.ci95[0]).toBeLessThan(4 * KIB);
    // What was held lies in buffers, outside of V8's heap.
    expect(Math.abs((heap.externalBytes ?? 0) - 16 * KIB)).toBeLessThan(1.5 * KIB);
  },
);

test('resident memory grows by it too, as far as its interval tells', () => {
  const { target } = finished('freeing').result;
  const { ci95, bytes, pss, theilSenBytes } = memoryOf(target);
  expect(ci95[1]).toBeGreaterThan(16 * KIB);
  expect(ci95[0]).toBeLessThan(16 * KIB + 2 * MOST_OF_WS);
  expect(bytes).toBeGreaterThan(8 * KIB);
  expect(Math.abs(theilSenBytes - bytes)).toBeLessThan(bytes);
  expect(pss?.ci95[1]).toBeGreaterThan(16 * KIB);
});

test('a leak is what is retained of the heap; what is freed is not', () => {
  const leaked = memoryOf(finished('leaking').result.target).retained;
  expect(leaked).toMatchObject({ opened: CONNECTIONS, collected: true });
  expect((leaked?.heapBytes ?? 0) / CONNECTIONS).toBeGreaterThan(15 * KIB);
  expect((leaked?.heapBytes ?? 0) / CONNECTIONS).toBeLessThan(16 * KIB + MOST_OF_WS);
  expect(leaked?.bytes).toBeGreaterThan(12 * KIB * CONNECTIONS);
  const freed = memoryOf(finished('freeing').result.target).retained;
  // What a server sets up once is in it.
  expect((freed?.heapBytes ?? Number.NaN) / CONNECTIONS).toBeLessThan(MOST_OF_WS);
  expect(finished('leaking').result.thresholds).toMatchObject([{ passed: false }, {}]);
  expect(finished('freeing').result.thresholds).toMatchObject([{ passed: true }, {}]);
});

test('each figure names its phase, and the heap and the limits of the target are in the record', () => {
  const { target } = finished('freeing').result;
  const { byPhase } = memoryOf(target);
  expect(byPhase.map(({ phase, moment }) => [phase, moment])).toEqual([
    ['ramp', 'idle'],
    ['held', 'held'],
    ['drain', 'retained'],
  ]);
  const [idle, held, retained] = byPhase;
  for (const figure of [idle, held, retained]) {
    expect(figure?.ci95?.[0]).toBeLessThanOrEqual(figure?.bytes ?? Number.NaN);
    expect(figure?.ci95?.[1]).toBeGreaterThanOrEqual(figure?.bytes ?? Number.NaN);
  }
  // Nothing was sent: it costs what it did on the way up.
  expect(held?.ci95?.[1]).toBeGreaterThan(16 * KIB);
  expect(held).toMatchObject({ connections: CONNECTIONS, heapBytes: null });
  expect(target.processes[0]?.heap?.length).toBeGreaterThan(2);
  expect(target.processes[0]?.heap?.every(({ loopDelayMaxUs }) => (loopDelayMaxUs ?? -1) >= 0)).toBe(true);
  expect(target.limits?.descriptors).toBeGreaterThan(CONNECTIONS);
  expect(target.limits?.memoryBytes).toBeGreaterThan(2 ** 28);
  expect(target.limits?.cores).toBeGreaterThan(0);
  expect(target.kernel.at(-1)?.synRetransmissions).toBeGreaterThanOrEqual(0);
});

test('claims are held against what was measured', () => {
  const { result, stdout } = finished('freeing');
  expect(result.target.claims?.map(({ what, verdict }) => [what, verdict])).toEqual([
    ['right', 'holds'],
    ['too little', 'more'],
    ['too much', 'less'],
  ]);
  expect(stdout).toContain('claims about memory');
  expect(stdout).toContain('more than claimed');
});

test('a server without the probe is measured as before, and nothing is said of its heap', () => {
  const { result, code, stderr } = finished('blind');
  expect(code, stderr).toBe(0);
  const memory = memoryOf(result.target);
  expect(memory).toMatchObject({ heap: null, retained: { heapBytes: null, collected: false } });
  expect(result.target.processes[0]?.heap).toEqual([]);
});

test('of a target without a pid its metrics page tells, while it is there', async () => {
  const port = await unusedPort();
  const server = spawn('node', [SERVER, '--port', String(port)], { stdio: 'ignore' });
  try {
    const target = { url: `ws://127.0.0.1:${port}/`, metrics: `http://127.0.0.1:${port}/metrics` };
    const { result, code, stderr } = await run([
      'run',
      scenario(target),
      '--allow-saturated',
      '--wait-for-target',
      '20s',
    ]);
    expect(code, stderr).toBe(0);
    const memory = memoryOf(result.target);
    expect(memory.points).toHaveLength(9);
    expect(memory.baseBytes).toBeGreaterThan(20_000_000);
    expect(memory.heap).toMatchObject({ collected: false, externalBytes: null });
    expect(memory.byPhase.map(({ moment }) => moment)).toEqual(['idle', 'held', 'retained']);
    expect(result.target.processes).toMatchObject([{ pid: 0, port }]);
    expect(result.target.processes[0]?.samples.length).toBeGreaterThan(2);
    expect(result.target.processes[0]?.samples.at(-1)?.open).toBeGreaterThanOrEqual(0);
  } finally {
    server.kill('SIGKILL');
  }
});

test('a page that cannot be read, or may not be, is said before the run', async () => {
  const port = await unusedPort();
  const unreachable = await run([
    'run',
    scenario({ command: ['node', SERVER, '--port', '${port}'], metrics: `http://127.0.0.1:${port}/metrics` }),
  ]);
  expect(unreachable.code).toBe(3);
  expect(unreachable.stderr).toMatch(/target\.metrics: .* cannot be read .*ECONNREFUSED/);
  const elsewhere = await run([
    'run',
    scenario({ command: ['node', SERVER, '--port', '${port}'], metrics: 'http://192.0.2.1:9100/metrics' }),
  ]);
  expect(elsewhere.code).toBe(3);
  expect(elsewhere.stderr).toContain('--allow-target 192.0.2.1:9100');
});
