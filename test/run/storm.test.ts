import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { run } from '../support/cli.js';
import { counter, expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

const everySort = [
  { engine: 'fast', workers: 1 },
  { engine: 'fast', workers: 2 },
  { engine: 'ws', workers: 1 },
] as const;

const CONNECTIONS = 60;

interface Storm {
  readonly target: object;
  readonly timeline: readonly object[];
  readonly population?: object;
  readonly thresholds?: readonly string[];
}

async function storm(
  { target, timeline, population = {}, thresholds = [] }: Storm,
  { engine, workers }: { readonly engine: string; readonly workers: number },
): Promise<{ result: RunResult; code: number | null; stdout: string }> {
  const clients = {
    connections: CONNECTIONS,
    arrive: { over: '300ms' },
    heartbeat: { every: '200ms', timeout: '1s' },
    reconnect: { policy: 'full-jitter', base: '100ms', cap: '400ms' },
    ...population,
  };
  const file = scenarioFile({
    version: 1,
    target,
    connect: { engine },
    populations: { clients },
    timeline: [{ ramp: {} }, { hold: '700ms' }, ...timeline, { hold: { for: '500ms', name: 'after' } }],
    thresholds,
  });
  const { code, result, stdout, stderr } = await run([
    'run',
    file,
    '--workers',
    `${workers}`,
    '--allow-saturated',
  ]);
  expect(result, stderr).toBeDefined();
  expectIdentities(result);
  return { result, code, stdout };
}

const refused = ({ failures }: RunResult): number =>
  failures
    .filter(({ stage, cause }) => stage === 'tcp' && cause === 'refused')
    .reduce((sum, { count }) => sum + count, 0);

// Side by side: most of a storm is waiting.
describe.concurrent.each(everySort)('engine $engine on $workers workers', (sort) => {
  test('a killed server and the one after it have counted what we have, to the last connection', async () => {
    const { result, code } = await storm(
      {
        target: { server: 'heartbeat' },
        timeline: [{ fault: { kind: 'kill-target', down: '600ms' } }, { recover: { within: '20s' } }],
      },
      sort,
    );
    expect(code).toBe(0);
    expectBalancedBooks(result);
    const [first, second] = result.target.instances;
    expect(first?.killed).toBe(true);
    expect(first?.counts.opened).toBe(CONNECTIONS);
    expect(second?.counts.opened).toBe(CONNECTIONS);
    expect(second?.counts.closesByCode).toEqual({ 1000: CONNECTIONS });
    expect(result.connections).toMatchObject({ opened: 2 * CONNECTIONS, dropped: CONNECTIONS, gaveUp: 0 });
    expect(result.connections.failed).toBe(refused(result));
    const [recovery] = result.recoveries;
    expect(recovery).toMatchObject({ fault: 'kill-target', dropped: CONNECTIONS, recovered: CONNECTIONS });
    expect(recovery?.attempts).toBe(counter(result.metrics, 'reconnect.attempts'));
    expect(recovery?.t50Ms).toBeGreaterThanOrEqual(600);
    expect(result.closes.find(({ phase }) => phase === 'fault')).toMatchObject({
      initiator: 'server',
      cause: 'target-exit',
      count: CONNECTIONS,
    });
    expect(result.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['target-down', 'target-up', 'fault']),
    );
  });

  test('through the proxy, what it let in, refused and dropped is what we attempted, exactly', async () => {
    const { result, code } = await storm(
      {
        target: { server: 'heartbeat', through: 'proxy' },
        timeline: [
          { fault: { kind: 'refuse', for: '1500ms' } },
          { fault: { kind: 'disconnect', share: '50%', how: 'reset', name: 'cut' } },
          { recover: { within: '20s' } },
        ],
      },
      sort,
    );
    expect(code).toBe(0);
    expectBalancedBooks(result);
    const { proxy } = result.target;
    expect(proxy).toMatchObject({ dropped: CONNECTIONS / 2, cutOff: 0, upstreamUnreachable: 0, refused: {} });
    expect(proxy?.opened).toBe(result.connections.opened);
    expect(proxy?.accepted).toBe(result.connections.attempted - refused(result));
    expect(refused(result)).toBeGreaterThan(0);
    expect(result.recoveries.map(({ fault, dropped }) => [fault, dropped])).toEqual([
      ['refuse', 0],
      ['disconnect', CONNECTIONS / 2],
    ]);
    expect(result.recoveries[1]?.collateral?.during?.count).toBeGreaterThan(0);
  });
});

const onOne = { engine: 'fast', workers: 1 } as const;

test.concurrent('a restarted server says goodbye with 1001, and both instances are counted to the last frame', async () => {
  const { result, code } = await storm(
    {
      target: { server: 'echo' },
      timeline: [{ fault: { kind: 'restart-target', down: '500ms' } }, { recover: { within: '20s' } }],
    },
    onOne,
  );
  expect(code).toBe(0);
  expectBalancedBooks(result);
  expect(result.target.instances.map(({ killed }) => killed)).toEqual([false, false]);
  expect(result.closes.find(({ code }) => code === 1001)).toMatchObject({
    initiator: 'server',
    count: CONNECTIONS,
  });
});

test.concurrent('a herd that nobody lets in again: the run goes to its end and says that it has not recovered', async () => {
  const { result, code, stdout } = await storm(
    {
      target: { server: 'echo', through: 'proxy' },
      timeline: [
        { fault: { kind: 'refuse', for: '30s' } },
        { fault: { kind: 'disconnect', share: '100%', how: 'fin', name: 'cut' } },
        { recover: { within: '1500ms' } },
      ],
      population: { reconnect: { policy: 'fixed', base: '200ms', attempts: 3 } },
    },
    onOne,
  );
  expect(code).toBe(99);
  expect(result.run.complete).toBe(true);
  expect(result.connections.gaveUp).toBe(CONNECTIONS);
  expect(result.recoveries[1]).toMatchObject({ recovered: 0, t50Ms: null, attempts: 3 * CONNECTIONS });
  expect(result.thresholds.find(({ expression }) => expression.startsWith('recover'))).toMatchObject({
    observed: null,
    passed: false,
  });
  expect(result.events.some(({ kind }) => kind === 'not-recovered')).toBe(true);
  expect(stdout).toMatch(/not recovered/i);
});

test.concurrent('clients that close by themselves come back, and their closes are the fault’s', async () => {
  const { result, code } = await storm(
    {
      target: { server: 'echo' },
      timeline: [
        { fault: { kind: 'disconnect', share: '25%', how: 'client-close' } },
        { recover: { within: '20s' } },
      ],
    },
    { engine: 'fast', workers: 2 },
  );
  expect(code).toBe(0);
  expectBalancedBooks(result);
  expect(result.closes.find(({ cause }) => cause === 'fault')).toMatchObject({
    initiator: 'client',
    count: CONNECTIONS / 4,
  });
  expect(result.recoveries[0]).toMatchObject({ dropped: CONNECTIONS / 4, recovered: CONNECTIONS / 4 });
});

test.concurrent('a fault that could not be made is no recovery: the run is not valid, and says why', async () => {
  const { result, code } = await storm(
    {
      target: { server: 'echo' },
      timeline: [{ fault: { kind: 'command', run: ['false'] } }, { recover: { within: '5s' } }],
    },
    onOne,
  );
  expect(code).toBe(4);
  expect(result.run.validity).toMatchObject({ status: 'partial' });
  expect(result.run.validity.reasons.join()).toContain('`false` ended with code 1');
});

test.concurrent('a target that does not come up again is said so, and the run ends when its time is over', async () => {
  const marker = join(scratchFolder(), 'was here');
  const serveOnce = `
    const { existsSync, writeFileSync } = require('node:fs');
    if (existsSync(${JSON.stringify(marker)})) process.exit(7);
    writeFileSync(${JSON.stringify(marker)}, '');
    const { WebSocketServer } = require(${JSON.stringify(createRequire(import.meta.url).resolve('ws'))});
    new WebSocketServer({ port: Number(process.argv[1]), autoPong: true });`;
  const { result, code } = await storm(
    {
      target: { command: ['node', '-e', serveOnce, '${port}'] },
      timeline: [{ fault: { kind: 'kill-target', down: '200ms' } }, { recover: { within: '2s' } }],
    },
    onOne,
  );
  expect(code).toBe(99);
  expect(result.run).toMatchObject({ complete: true });
  expect(result.recoveries[0]).toMatchObject({ dropped: CONNECTIONS, recovered: 0 });
  expect(result.connections.failed).toBe(refused(result));
  expect(result.warnings).toContainEqual(expect.objectContaining({ code: 'not-mended' }));
});

// Alone, since it measures time.
test('half-open connections are found within every + timeout of the heartbeat, and the rest is spared', async () => {
  const { result, code, stdout } = await storm(
    {
      target: { server: 'heartbeat', options: { heartbeat: { every: '400ms' } }, through: 'proxy' },
      timeline: [
        { fault: { kind: 'blackhole', share: '50%', for: '2500ms' } },
        { recover: { within: '20s' } },
      ],
      population: { heartbeat: { every: '300ms', timeout: '500ms' } },
      thresholds: ['heartbeat.unanswered >= 30'],
    },
    onOne,
  );
  expect(code).toBe(0);
  const [recovery] = result.recoveries;
  expect(recovery?.dropped).toBe(CONNECTIONS / 2);
  // 100 ms for a busy machine, and one connection may have been lost twice.
  expect(recovery?.noticed.byClient?.maxMs).toBeLessThan(300 + 500 + 400);
  expect(recovery?.noticed.byTarget?.count).toBeGreaterThan(0);
  expect(stdout).toMatch(/half|noticed/i);
});
