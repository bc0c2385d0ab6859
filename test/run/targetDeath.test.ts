import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { start } from '../support/cli.js';
import { counter, expectIdentities } from '../support/identities.js';
import { expectNoProcess, findOne } from '../support/processes.js';
import { scenarioFile } from '../support/scratch.js';

const beating = { heartbeat: { every: '100ms', timeout: '10s' } };

// Side by side: most of a run is waiting.
describe.concurrent.each(['fast', 'ws'])('engine %s', (engine) => {
  test('a target that is killed under load: exit 3, every connection lost to its end, and the data kept', async () => {
    const file = scenarioFile({
      target: { server: 'heartbeat' },
      connect: { engine },
      populations: { clients: { ...beating, connections: 30, arrive: { over: '500ms' } } },
      timeline: [{ ramp: {} }, { hold: '30s' }, { drain: '10s' }],
    });
    const wsherd = start(['run', file, '--workers', '2']);
    await wsherd.said(/hold/);
    process.kill(findOne(wsherd.processes(), /servers\/main\.js/), 'SIGKILL');
    const { code, result, stdout, folder } = await wsherd.finished;
    expect(code).toBe(3);
    expectIdentities(result);
    expect(result.run).toMatchObject({ complete: false, validity: { status: 'partial' } });
    expect(result.run.durationMs).toBeLessThan(20_000);
    expect(result.events).toContainEqual(
      expect.objectContaining({ kind: 'target-exit', detail: 'the target ended by SIGKILL' }),
    );
    // FIN or reset alike: which of the two is the kernel's choice.
    expect(new Set(result.closes.map(({ initiator, cause }) => `${initiator} ${cause}`))).toEqual(
      new Set(['server target-exit']),
    );
    expect(result.connections).toMatchObject({ opened: 30, dropped: 30, openAtEnd: 0 });
    expect(counter(result.metrics, 'heartbeat.answered')).toBeGreaterThan(0);
    expect(result.target.counts).toBeNull();
    expect(result.target.processes[0]?.samples.length).toBeGreaterThan(0);
    expect(stdout).toMatch(/^Failed: the target went down at .*; 30 connections were lost with it\./);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    await expectNoProcess(wsherd.processes);
  });
});

test.concurrent('a target that dies in the ramp: those who came too late are refused, and it is said', async () => {
  const file = scenarioFile({
    target: { server: 'echo' },
    populations: { clients: { ...beating, connections: 200, arrive: { over: '20s' } } },
    timeline: [{ ramp: {} }, { hold: '1s' }, { drain: '10s' }],
  });
  const wsherd = start(['run', file]);
  await wsherd.said(/ramp/);
  process.kill(findOne(wsherd.processes(), /servers\/main\.js/), 'SIGKILL');
  const { code, result } = await wsherd.finished;
  expect(code).toBe(3);
  expectIdentities(result);
  expect(result.connections.opened).toBeGreaterThan(0);
  expect(result.connections.attempted).toBeLessThan(200);
  expect(result.closes.every(({ cause }) => cause === 'target-exit')).toBe(true);
  expect(result.failures.every(({ stage }) => stage === 'tcp' || stage === 'upgrade')).toBe(true);
});
