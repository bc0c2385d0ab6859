import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { limitWords } from '../../src/report/capacityWords.js';
import { cappedServer } from '../support/cappedServer.js';
import { loadsOf, search } from './searches.js';

const limitedServer = fileURLToPath(new URL('../support/limitedServer.mjs', import.meta.url));
const command = (...options: string[]) => ({
  command: [process.execPath, limitedServer, '--port', '${port}', ...options],
});
const idle = { clients: { connections: 10, arrive: { rate: '500/s' } } };
const short = [{ ramp: {} }, { hold: '200ms' }, { drain: '1s' }];

// Where other work makes the generator the limit, wsherd says so and names no capacity: then it is asked again.
const again = { retry: 2 };

test(
  'a server that spends 3 ms of CPU on each message carries fewer than 334 a second, and CPU is why',
  again,
  async () => {
    const { record } = await search({
      target: command('--cost-ms', '3'),
      populations: {
        talkers: { connections: 20, arrive: { over: '200ms' }, echo: { every: '1s', timeout: '5s' } },
      },
      timeline: [{ ramp: {} }, { hold: '3500ms' }, { drain: '500ms' }],
      thresholds: ['echo.response p99 < 300ms'],
      capacity: { vary: 'publish-rate', from: 100, to: 600, precision: '50%', tries: 1, coolDown: '100ms' },
    });
    expect(record.outcome).toBe('bracketed');
    expect(record.lastPass).toBeLessThan(334);
    expect(record.firstFail).toBeGreaterThan(200);
    expect(record.limitedBy?.code).toBe('target-cpu');
    const [cpu, ...rest] = record.limitedBy?.evidence ?? [];
    expect(cpu).toMatchObject({ scope: 'thread', limitPercent: 100 });
    expect(rest.map(({ code }) => code)).toContain('latency');
    const passed = record.levels.find(({ load }) => load === 100)?.tries[0]?.result;
    // 100 a second for 3 ms each are 0.3 of a core, and a little more.
    expect(passed?.target.cores).toBeGreaterThan(0.25);
    expect(passed?.target.cores).toBeLessThan(0.8);
    expect(passed?.achieved).toBeGreaterThan(80);
    expect(passed?.achieved).toBeLessThan(115);
    expect(passed?.target.cpuPerMessageUs ?? 3000).toBeGreaterThan(2500);
  },
);

test.concurrent('a server that lets in 100 connections a second is found to do so, and its refusals are why', async () => {
  const { record } = await search({
    target: { server: 'echo', options: { limit: { connectRate: '100/s', burst: 20 } } },
    populations: { clients: { connections: 400 } },
    timeline: [{ ramp: {} }, { hold: '200ms' }, { drain: '1s' }],
    capacity: { vary: 'connect-rate', from: 80, to: 160, precision: '10%', tries: 1, coolDown: '0s' },
  });
  // In T seconds 100 T and the burst: 400 connections at 100 a second and 5 more.
  expect(record.outcome).toBe('bracketed');
  expect(record.lastPass).toBeGreaterThanOrEqual(80);
  expect(record.lastPass).toBeLessThanOrEqual(105);
  expect(record.firstFail).toBeGreaterThan(100);
  expect(record.firstFail).toBeLessThanOrEqual(120);
  expect(record.limitedBy?.evidence[0]).toMatchObject({ code: 'refused', status: 503 });
});

test.concurrent('a target that is kept and dies is started again, and its death is the reason', async () => {
  const { record } = await search({
    target: command('--dies-above', '20'),
    populations: idle,
    timeline: short,
    capacity: {
      vary: 'connections',
      from: 8,
      to: 64,
      precision: '50%',
      tries: 1,
      target: 'kept',
      coolDown: '0s',
    },
  });
  expect(loadsOf(record)).toEqual([8, 16, 32, 24]);
  expect(record).toMatchObject({ outcome: 'bracketed', lastPass: 16, firstFail: 24 });
  expect(record.search.freshTarget).toBe(false);
  expect(record.limitedBy?.code).toBe('target-died');
  expect(limitWords(record.limitedBy!.evidence[0]!)).toBe('it died: the target ended with code 1');
  expect(record.notes).toHaveLength(2);
  expect(record.notes[0]).toBe('After 32, the target had not recovered: it was started again.');
});

test.concurrent('a fresh target that dies fails its level, and the next try has one of its own', async () => {
  const { record } = await search({
    target: command('--dies-above', '20'),
    populations: idle,
    timeline: short,
    capacity: { vary: 'connections', from: 16, to: 24, precision: '50%', tries: 1, coolDown: '0s' },
  });
  expect(record).toMatchObject({ outcome: 'bracketed', lastPass: 16, firstFail: 24, notes: [] });
  expect(record.limitedBy?.code).toBe('target-died');
});

test.concurrent('a server of the user that stays broken ends the search, and what is known is kept', async () => {
  const { url } = await cappedServer({ connections: 20, breaksAfter: 1 });
  const { record } = await search({
    target: { url },
    populations: idle,
    timeline: short,
    capacity: { vary: 'connections', from: 10, to: 80, coolDown: '0s' },
  });
  expect(record).toMatchObject({ outcome: 'target-broken', lastPass: 20, firstFail: 40 });
  expect(record.limitedBy?.code).toBe('refused');
  expect(record.notes).toEqual([expect.stringMatching(/lets no connection in any more, 8 s later/)]);
});

test.concurrent('a target that never passes says so at its first level, with the reason', async () => {
  const { url } = await cappedServer({ connections: 5 });
  const { record } = await search({
    target: { url },
    populations: idle,
    timeline: [{ ramp: {} }, { hold: '20s' }, { drain: '20s' }],
    capacity: { vary: 'connections', from: 10, to: 80, coolDown: '0s' },
  });
  expect(record).toMatchObject({ outcome: 'never-passed', lastPass: null, firstFail: 10 });
  expect(loadsOf(record)).toEqual([10, 10]);
  expect(record.limitedBy?.evidence).toMatchObject([{ code: 'refused', status: 503, count: 5 }]);
  // What cannot pass any more is not waited out.
  const [first] = record.levels[0]?.tries ?? [];
  expect(first?.stoppedEarly).toBe(true);
  expect(first?.validity?.status).toBe('valid');
  expect(first?.result?.durationMs).toBeLessThan(8000);
});

test.concurrent('an interrupt keeps every try that was over', async () => {
  const { url } = await cappedServer({});
  const controller = new AbortController();
  const { record } = await search(
    {
      target: { url },
      populations: idle,
      timeline: short,
      capacity: { vary: 'connections', from: 10, to: 1000, coolDown: '0s' },
    },
    {
      interrupt: controller.signal,
      onTry(load) {
        if (load === 20) controller.abort();
      },
    },
  );
  expect(record).toMatchObject({ outcome: 'interrupted', lastPass: 20, firstFail: null, limitedBy: null });
  expect(loadsOf(record)).toEqual([10, 20]);
});

const clients = (connections: number) => ({
  clients: { connections, arrive: { rate: '500/s' }, heartbeat: { every: '20s' } },
});

test.concurrent('a server that holds 37 connections is found to hold 37, and to refuse the 38th with 503', async () => {
  const { url } = await cappedServer({ connections: 37 });
  const { record } = await search({
    target: { url },
    populations: clients(10),
    timeline: [{ ramp: {} }, { hold: '5s' }, { drain: '1s' }],
    capacity: { vary: 'connections', from: 24, to: 100, measure: '100ms', coolDown: '100ms' },
  });
  expect(record).toMatchObject({ outcome: 'bracketed', lastPass: 37, firstFail: 38, notes: [] });
  expect(loadsOf(record)).toEqual([24, 48, 36, 42, 39, 37, 38, 37, 38]);
  expect(record.limitedBy).toMatchObject({
    code: 'refused',
    evidence: [{ code: 'refused', status: 503, cause: 'upgrade:http-503', count: 1 }],
  });
  const first = record.levels.find(({ load }) => load === 38);
  expect(first?.tries.map(({ passed }) => passed)).toEqual([false, false]);
  expect(first?.tries[0]?.result).toMatchObject({ connections: { opened: 37, failed: 1 } });
  expect(record.levels.find(({ load }) => load === 37)?.tries[0]?.result?.achieved).toBe(37);
});
