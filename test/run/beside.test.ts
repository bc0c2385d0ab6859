/** Real threads beside real server processes, both from dist/. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { nowUs } from '../../dist/clock.js';
import type { Snapshot } from '../../dist/metrics/snapshot.js';
import { Accumulator } from '../../dist/result/accumulator.js';
import type { HistogramMetric, Metrics } from '../../dist/result/types.js';
import { type Beside, startBeside } from '../../dist/run/beside.js';
import { forkReady } from '../servers/processes.js';
import { openClient, patiently, statsOf } from '../servers/running.js';

const SECOND_US = 1_000_000;
const SOURCE = { machine: 0, host: 0, worker: 1 };

const started: Beside[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((beside) => beside.stop()));
});

/** Requests beside a run of one worker, from now on. */
async function besides(port: number, connections = 3, path = '/healthz') {
  const snapshots: Snapshot[] = [];
  const url = new URL(`ws://127.0.0.1:${port}/`);
  const beside = startBeside(
    { path, connections },
    { url, address: '127.0.0.1' },
    SOURCE,
    (snapshot) => snapshots.push(snapshot),
    (why) => {
      throw new Error(why);
    },
  );
  started.push(beside);
  await beside.ready();
  const startUs = nowUs() + 50_000;
  beside.start(startUs);
  beside.enter('first', startUs);
  const total = (): Accumulator => {
    const accumulator = new Accumulator(startUs, 1);
    for (const snapshot of snapshots) accumulator.add(snapshot);
    return accumulator;
  };
  return { beside, snapshots, startUs, total, metrics: () => total().total.all.toMetrics() };
}

function counts(metrics: Metrics) {
  const counter = (name: string): number => {
    const metric = metrics[`http.${name}`];
    return metric?.kind === 'counter' ? metric.value : 0;
  };
  return {
    requests: counter('requests'),
    answered: counter('answered'),
    refused: counter('refused'),
    errors: counter('errors'),
  };
}

function response(metrics: Metrics): HistogramMetric {
  const metric = metrics['http.response'];
  if (metric?.kind !== 'histogram') throw new Error('no http.response was recorded');
  return metric;
}

/** Plain HTTP requests that the server has answered, these not among them. */
async function servedBy(port: number): Promise<number> {
  const { counts } = await statsOf({ port });
  if (typeof counts !== 'object' || counts === null || !('httpRequests' in counts))
    throw new Error('no counts');
  return Number(counts.httpRequests);
}

test('the counts are those of the server, second by second and phase by phase', async () => {
  const { port } = await forkReady('echo');
  const { beside, snapshots, startUs, total, metrics } = await besides(port);
  const secondUs = startUs + 1.5 * SECOND_US;
  beside.enter('second', secondUs);
  await expect.poll(() => snapshots.length, patiently).toBeGreaterThanOrEqual(3);
  await beside.stop();

  const { requests, answered, refused, errors } = counts(metrics());
  expect(requests).toBeGreaterThan(100);
  expect({ answered, refused, errors }).toEqual({ answered: requests, refused: 0, errors: 0 });
  expect(await servedBy(port)).toBe(requests);
  expect(response(metrics())).toMatchObject({ count: requests, censored: 0 });

  const bounds = snapshots.map(({ phase, fromUs, toUs }) => [phase, fromUs - startUs, toUs - startUs]);
  expect(bounds.slice(0, 3)).toEqual([
    ['first', 0, SECOND_US],
    ['first', SECOND_US, 1.5 * SECOND_US],
    ['second', 1.5 * SECOND_US, 2 * SECOND_US],
  ]);
  expect(snapshots.map(({ seq }) => seq)).toEqual([...snapshots.keys()]);
  const phases = [...total().phases].map(([name, { all }]) => [name, counts(all.toMetrics()).requests > 0]);
  expect(phases).toEqual([
    ['first', true],
    ['second', true],
  ]);
});

test('an answer with another status than 2xx is refused, not answered', async () => {
  const { port } = await forkReady('echo');
  const { beside, snapshots, metrics } = await besides(port, 1, '/nothing-there');
  await expect.poll(() => snapshots.length, patiently).toBe(1);
  await beside.stop();
  const { requests, refused, answered, errors } = counts(metrics());
  expect(requests).toBeGreaterThan(0);
  expect({ refused, answered, errors }).toEqual({ refused: requests, answered: 0, errors: 0 });
});

test('a server that stalls for a second shows as one slow request on each connection', async () => {
  const server = await forkReady('echo', { stall: { afterUs: 500_000, forUs: 1_000_000 } });
  const { beside, metrics } = await besides(server.port);
  // The stall counts from the first WebSocket that opens.
  await openClient(server);
  await sleep(2000);
  await beside.stop();
  expect(counts(metrics()).errors).toBe(0);
  expect(response(metrics()).max).toBeGreaterThan(900_000);
  expect(response(metrics()).p50).toBeLessThan(200_000);
});

test('a server that is killed and comes back: errors meanwhile, at a bounded rate, then answers again', async () => {
  const { port, child } = await forkReady('echo');
  const { beside, startUs, snapshots, total } = await besides(port);
  await sleep(800);
  beside.enter('down', startUs + 1.2 * SECOND_US);
  await sleep((startUs + 1.2 * SECOND_US - nowUs()) / 1000 + 50);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await sleep(1000);
  const again = await forkReady('echo', { port });
  beside.enter('back', nowUs() + 300_000);
  await sleep(800);
  await beside.stop();

  const phases = total().phases;
  const of = (phase: string) => counts(phases.get(phase)?.all.toMetrics() ?? {});
  expect(of('first').errors).toBe(0);
  // One for each connection that was cut off, then ten a second on each of the three.
  expect(of('down').errors).toBeGreaterThanOrEqual(3 + 3 * 4);
  const downUs = phaseLengthUs(snapshots, 'down');
  expect(of('down').errors).toBeLessThanOrEqual(3 * (2 + downUs / 100_000));
  expect(of('back')).toMatchObject({ errors: 0, refused: 0 });
  const { requests, answered, refused, errors } = counts(total().total.all.toMetrics());
  expect(requests).toBe(answered + refused + errors);
  expect(await servedBy(again.port)).toBeGreaterThanOrEqual(of('back').answered);
  expect(of('back').answered).toBeGreaterThan(10);
});

function phaseLengthUs(snapshots: readonly Snapshot[], name: string): number {
  return snapshots
    .filter(({ phase }) => phase === name)
    .reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
}

test('stopped before it was started, the thread ends and reports nothing', async () => {
  const { port } = await forkReady('echo');
  const snapshots: Snapshot[] = [];
  const beside = startBeside(
    { path: '/healthz', connections: 1 },
    { url: new URL(`ws://127.0.0.1:${port}/`), address: '127.0.0.1' },
    SOURCE,
    (snapshot) => snapshots.push(snapshot),
    () => {},
  );
  await Promise.all([beside.stop(), beside.stop()]);
  await beside.ready();
  expect(snapshots).toEqual([]);
  expect(await servedBy(port)).toBe(0);
});

test('a thread that dies says so, and nobody waits for it any more', async () => {
  const died: string[] = [];
  const beside = startBeside(
    // So many that starting them throws in the thread, as a bug would.
    { path: '/healthz', connections: 2 ** 32 },
    { url: new URL('ws://127.0.0.1/'), address: '127.0.0.1' },
    SOURCE,
    () => {},
    (why) => died.push(why),
  );
  await beside.ready();
  beside.start(nowUs());
  await expect.poll(() => died.length, patiently).toBe(1);
  await beside.stop();
});
