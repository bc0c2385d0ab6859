import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../dist/result/types.js';
import { run, start } from '../support/cli.js';
import { expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { expectNoProcess, findAll } from '../support/processes.js';
import { scenarioFile } from '../support/scratch.js';

const heartbeat = { every: '200ms', timeout: '2s' };

describe.concurrent('processes', () => {
  test('do the same as threads, connection by connection, and the record says the same but for who did it', async () => {
    const file = scenarioFile({
      target: { server: 'rooms' },
      populations: {
        listeners: { connections: 31, join: { rooms: 4 }, heartbeat },
        speakers: { connections: 8, join: { rooms: 4 }, publish: { every: '50ms', size: '128B' } },
      },
      timeline: [{ ramp: {} }, { hold: '1500ms' }, { drain: '3s' }],
    });
    const [threads, one, three] = await Promise.all(
      [
        ['--workers', '3'],
        ['--processes', '1'],
        ['--processes', '3'],
      ].map(async (staff) => (await run(['run', file, ...staff, '--allow-saturated'])).result),
    );
    for (const result of [threads!, one!, three!]) {
      expectIdentities(result);
      expectBalancedBooks(result);
      expect(shape(result)).toEqual(shape(threads!));
    }
    expect(three!.plan).toEqual({ ...threads!.plan, hosts: 3 });
    expect(three!.generator.hosts).toHaveLength(3);
  });

  test('one that is killed in the middle makes the run partial; the others go on, and what it had told is kept', async () => {
    const file = scenarioFile({
      target: { server: 'echo' },
      populations: { clients: { connections: 30, heartbeat } },
      timeline: [{ ramp: {} }, { hold: '4s' }, { drain: '1s' }],
    });
    const running = start(['run', file, '--processes', '3']);
    await running.said(/hold/);
    const hosts = findAll(running.processes(), /hostProcess\.js/);
    expect(hosts).toHaveLength(3);
    process.kill(hosts[1]!, 'SIGKILL');
    const { code, result } = await running.finished;
    expect(code).toBe(4);
    expect(result.run.validity).toMatchObject({ status: 'partial' });
    expect(result.run.validity.reasons.join()).toContain('its process ended by SIGKILL');
    expect(result.connections).toMatchObject({ opened: 30, openAtEnd: 20 });
    expect(running.processes()).toEqual([]);
  });

  test('end with wsherd, however that ends', async () => {
    const file = scenarioFile({
      target: { server: 'echo', instances: 2 },
      populations: { clients: { connections: 20, heartbeat } },
      timeline: [{ ramp: {} }, { hold: '60s' }],
    });
    const running = start(['run', file, '--processes', '2']);
    await running.said(/hold/);
    // wsherd, two instances of the server, two processes of workers.
    expect(running.processes()).toHaveLength(5);
    process.kill(running.pid, 'SIGKILL');
    await expectNoProcess(running.processes);
  });

  test('a server of several instances goes down and comes again as one, and the books hold for all of them', async () => {
    const file = scenarioFile({
      target: { server: 'echo', instances: 3 },
      populations: {
        clients: {
          connections: 60,
          heartbeat,
          reconnect: { policy: 'full-jitter', base: '100ms', cap: '1s' },
        },
      },
      timeline: [
        { ramp: {} },
        { hold: '1s' },
        { fault: { kind: 'kill-target', down: '500ms' } },
        { recover: { until: '100%', within: '30s' } },
        { hold: '1s' },
        { drain: '2s' },
      ],
    });
    const { result, stderr } = await run(['run', file, '--processes', '2', '--allow-saturated']);
    expect(result.recoveries, stderr).toMatchObject([{ dropped: 60, recovered: 60 }]);
    expect(result.target.instances).toHaveLength(2);
    expect(result.target.books.every(({ balanced }) => balanced)).toBe(true);
    expect(new Set(result.target.processes.map(({ pid }) => pid)).size).toBe(6);
  });

  test('and threads are not both given', async () => {
    const file = scenarioFile({ target: { server: 'echo' }, populations: { clients: { connections: 1 } } });
    const both = await run(['run', file, '--processes', '2', '--workers', '2']);
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('not both');
    const none = await run(['run', file, '--processes', '0']);
    expect(none.stderr).toContain('--processes takes auto or a whole number from 1 to 256');
  });
});

/** Everything that does not depend on the moment. */
function shape({ connections, populations, phases, broadcast, target, metrics }: RunResult): object {
  return {
    connections,
    populations: Object.keys(populations),
    phases: phases.map(({ name, kind }) => ({ name, kind })),
    publishers: broadcast?.publishers,
    ledger: broadcast?.ledger,
    kind: target.kind,
    metrics: Object.keys(metrics),
  };
}
