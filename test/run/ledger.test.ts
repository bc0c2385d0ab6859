import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { run } from '../support/cli.js';
import { counter, expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { scenarioFile } from '../support/scratch.js';

const timeline = [{ ramp: {} }, { hold: '2s' }, { drain: '3s' }];

interface Sort {
  readonly engine: 'fast' | 'ws';
  readonly staff: '--workers' | '--processes';
  readonly count: number;
  readonly instances: number;
}

const everySort: readonly Sort[] = [
  { engine: 'fast', staff: '--workers', count: 1, instances: 1 },
  { engine: 'fast', staff: '--workers', count: 2, instances: 3 },
  { engine: 'ws', staff: '--workers', count: 1, instances: 1 },
  { engine: 'ws', staff: '--processes', count: 2, instances: 2 },
  { engine: 'fast', staff: '--processes', count: 1, instances: 2 },
  { engine: 'fast', staff: '--processes', count: 3, instances: 1 },
];

async function record(
  { target, ...document }: { readonly target: object },
  { engine, staff, count, instances }: Sort,
): Promise<RunResult> {
  const file = scenarioFile({ ...document, target: { ...target, instances }, connect: { engine }, timeline });
  const { code, result, stderr } = await run(['run', file, staff, `${count}`, '--allow-saturated']);
  expect(code, stderr).toBe(0);
  expect(result.plan).toMatchObject({ workers: count, hosts: staff === '--workers' ? 1 : count });
  expect(result.generator.hosts.map(({ workers }) => workers.length)).toEqual(
    staff === '--workers' ? [count] : Array(count).fill(1),
  );
  expect(new Set(result.target.processes.map(({ port }) => port)).size).toBe(instances);
  return result;
}

describe.each(everySort)('engine $engine, $staff $count, instances $instances', (sort) => {
  test('what the server counted is what the record says', async () => {
    // Side by side: most of a run is waiting.
    const [beaten, echoed] = await Promise.all([record(heartbeats, sort), record(echoes, sort)]);
    for (const result of [beaten, echoed]) {
      expectIdentities(result);
      expectBalancedBooks(result);
      // Who is on its way back when the drain begins is cut off there; nothing else fails.
      const cutOff = result.failures.filter(({ cause }) => cause === 'local-abort');
      expect(result.connections).toMatchObject({ failed: sum(cutOff), neverOpened: 0 });
      expect(result.target.counts?.closesByCode).toEqual({ 1000: result.connections.opened });
    }
    expectHeartbeats(beaten);
    expectEchoes(echoed);
  });
});

function sum(failures: RunResult['failures']): number {
  return failures.reduce((all, { count }) => all + count, 0);
}

const heartbeat = { every: '150ms', timeout: '3s' };
const heartbeats = {
  target: { server: 'heartbeat', options: { heartbeat: { every: '300ms' } } },
  populations: {
    pinging: { connections: 23, arrive: { over: '500ms' }, heartbeat },
    talking: {
      connections: 17,
      arrive: { rate: '50/s', spacing: 'poisson' },
      heartbeat: { ...heartbeat, by: 'message' },
    },
    churning: { connections: 11, arrive: { at: 'once' }, lifetime: { mean: '400ms' }, heartbeat },
  },
};

function expectHeartbeats({ metrics, populations, connections }: RunResult): void {
  const { pinging, talking, churning } = populations;
  expect(connections.planned).toBe(51);
  expect(pinging?.connections).toMatchObject({ opened: 23, openAtEnd: 23, reconnected: 0 });
  expect(talking?.connections).toMatchObject({ opened: 17, openAtEnd: 17, reconnected: 0 });
  expect(churning?.connections.reconnected).toBeGreaterThan(11);
  expect(counter(metrics, 'pings.sent')).toBeGreaterThan(23 * 8);
  expect(counter(talking?.metrics ?? {}, 'messages.received')).toBeGreaterThan(17 * 8);
  expect(counter(metrics, 'pings.received')).toBeGreaterThan(40 * 4);
}

const echoes = {
  target: { server: 'echo' },
  populations: {
    paced: { connections: 19, echo: { every: '40ms', size: '64B' } },
    churning: { connections: 7, lifetime: { mean: '300ms' }, echo: { every: '20ms' } },
    fast: { connections: 3, echo: { pace: 'answered' } },
  },
};

function expectEchoes({ metrics, populations, target, connections }: RunResult): void {
  const { paced, churning, fast } = populations;
  expect(connections.planned).toBe(29);
  expect(churning?.connections.reconnected).toBeGreaterThan(7);
  expect(counter(paced?.metrics ?? {}, 'echo.answered')).toBeGreaterThan(19 * 30);
  expect(counter(churning?.metrics ?? {}, 'echo.answered')).toBeGreaterThan(7 * 40);
  // A closed loop has no schedule: it goes on as fast as the server answers.
  expect(counter(fast?.metrics ?? {}, 'echo.answered')).toBeGreaterThan(3 * 100);
  expect(counter(metrics, 'messages.sent')).toBe(counter(metrics, 'echo.sent'));
  expect(target.counts?.messagesIn).toBe(counter(metrics, 'messages.sent'));
}
