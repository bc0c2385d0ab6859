import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nowUs } from '../../src/clock.js';
import { mergePublished, type Published } from '../../src/delivery/delivery.js';
import { type CreateDialect, EventKind } from '../../src/dialects/dialect.js';
import { loadDialect } from '../../src/dialects/list.js';
import { findMark, Marker } from '../../src/dialects/marker.js';
import { ShardLoad } from '../../src/load/shardLoad.js';
import {
  decodeHistogram,
  forEachRecorded,
  type Histogram,
  IntervalHistogram,
} from '../../src/metrics/histogram.js';
import { LATENCY_RESOLUTION } from '../../src/metrics/latencyBuckets.js';
import { readMachine } from '../../src/plan/machine.js';
import { planRun } from '../../src/plan/plan.js';
import { Accumulator } from '../../src/result/accumulator.js';
import { workerTasks } from '../../src/run/tasks.js';
import { parseScenario } from '../../src/scenario/read.js';
import { serve } from '../servers/running.js';

const WORKERS = 2;

interface Receipt {
  readonly message: string;
  readonly latencyUs: number;
}

/** Writes down every receipt of a dialect before anybody accounts for it. */
function logging(create: CreateDialect, startUs: number, log: Receipt[]): CreateDialect {
  return (connections, listener) =>
    create(connections, {
      send: (connection, message, binary) => listener.send(connection, message, binary),
      onDialectEvent(connection, event, receivedUs) {
        if (event.kind === EventKind.message) {
          const marker = new Marker();
          const at = findMark(event.buffer, event.start, event.end);
          expect(marker.read(event.buffer, at, event.end)).toBe(true);
          const { publisher, sequence, dueUs } = marker;
          log.push({ message: `${publisher} ${sequence}`, latencyUs: receivedUs - startUs - dueUs });
        }
        listener.onDialectEvent(connection, event, receivedUs);
      },
    });
}

/** Runs a scenario for a while on `WORKERS` shards in this thread; every receipt is in `log`. */
async function runLogged(document: object, url: URL, log: Receipt[]): Promise<Accumulator> {
  const scenario = parseScenario({ text: JSON.stringify(document), file: null, folder: '.', env: {} });
  const plan = planRun(scenario, readMachine(true), { workers: WORKERS, processes: null });
  const target = { url, urls: [url], address: '127.0.0.1', ca: null };
  const tasks = workerTasks(plan, { target, proxy: null } as unknown as Parameters<typeof workerTasks>[1]);
  const startUs = nowUs() + 50_000;
  const accumulator = new Accumulator(startUs, WORKERS);
  const published: Published[] = [];
  let settled = 0;
  let drained = 0;
  const loads: ShardLoad[] = [];
  for (const { shard, targets, source } of tasks) {
    const dialects = await Promise.all(
      shard.populations.map(async ({ spec }) => logging(await loadDialect(spec.dialect), startUs, log)),
    );
    const load: ShardLoad = new ShardLoad(shard, targets, dialects, source, startUs, {
      onSnapshot: (snapshot) => accumulator.add(snapshot),
      onEntered() {},
      onUnaccounted() {},
      onSettled: () => settled++,
      onPublished(part) {
        published.push(part);
        if (published.length === WORKERS) for (const each of loads) each.learn(mergePublished(published));
      },
      onDrained() {
        drained++;
        load.stop();
      },
    });
    loads.push(load);
  }
  for (const load of loads) {
    load.enter('ramp', 'ramp', startUs);
    load.arrive(0, 1, startUs);
  }
  await expect.poll(() => settled, { timeout: 10_000 }).toBe(WORKERS);
  const holdUs = nowUs() + 20_000;
  for (const load of loads) load.enter('hold', 'hold', holdUs);
  await sleep(1500);
  const drainUs = nowUs() + 20_000;
  for (const load of loads) load.enter('drain', 'drain', drainUs);
  await sleep(50);
  for (const load of loads) load.drain(nowUs() + 5_000_000);
  await expect.poll(() => drained, { timeout: 20_000 }).toBe(WORKERS);
  accumulator.finish();
  return accumulator;
}

function valuesOf(histogram: Histogram | null): number[] {
  const values: number[] = [];
  if (histogram === null) return values;
  forEachRecorded(histogram, (us, count) => {
    for (let i = 0; i < count; i++) values.push(us);
  });
  return values;
}

/** The same values, as a histogram keeps them. */
function recorded(values: readonly number[]): number[] {
  const histogram = new IntervalHistogram();
  for (const value of values) histogram.record(value);
  return valuesOf(decodeHistogram(histogram.take()!.encoded));
}

test('first, median and last of every message are those of a log of all receipts, across workers', async () => {
  const server = await serve('broadcast', { delayUs: 2000 });
  const url = new URL(`ws://127.0.0.1:${server.port}/`);
  const log: Receipt[] = [];
  const accumulator = await runLogged(
    {
      version: 1,
      target: { url: url.href },
      dialect: 'echo',
      populations: {
        listeners: { connections: 31 },
        speakers: { connections: 6, publish: { every: '150ms', size: '100B' } },
      },
    },
    url,
    log,
  );
  const messages = new Map<string, number[]>();
  for (const { message, latencyUs } of log)
    messages.set(message, [...(messages.get(message) ?? []), latencyUs]);
  const sorted = [...messages.values()].map((latencies) => [...latencies].sort((a, b) => a - b));
  expect(sorted.length).toBeGreaterThan(30);
  expect(sorted.every(({ length }) => length === 37)).toBe(true);

  const { all } = accumulator.total;
  expect(all.counter('broadcast.complete')).toBe(sorted.length);
  expect(valuesOf(all.histogram('broadcast.first'))).toEqual(recorded(sorted.map(([first]) => first!)));
  expect(valuesOf(all.histogram('broadcast.last'))).toEqual(recorded(sorted.map((each) => each.at(-1)!)));
  expect(valuesOf(all.histogram('broadcast.delivery'))).toEqual(
    recorded(log.map(({ latencyUs }) => latencyUs)),
  );
  const medians = sorted.map((each) => each[Math.ceil(each.length / 2) - 1]!).sort((a, b) => a - b);
  const shown = valuesOf(all.histogram('broadcast.median'));
  expect(shown.length).toBe(medians.length);
  medians.forEach((median, i) => {
    expect(Math.abs(shown[i]! - median)).toBeLessThanOrEqual(median * (LATENCY_RESOLUTION + 0.001) + 1);
  });
});
