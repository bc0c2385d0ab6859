import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type RunningCli, start } from '../support/cli.js';
import { chattyGrandchild } from '../support/commands.js';
import { expectBalancedBooks, expectIdentities } from '../support/identities.js';
import { expectNoProcess, findOne, unusedPort } from '../support/processes.js';
import { scenarioFile } from '../support/scratch.js';

const beating = { connections: 20, arrive: { over: '1s' }, heartbeat: { every: '200ms', timeout: '20s' } };
const timeline = [{ ramp: {} }, { hold: '30s' }, { drain: '3s' }];

const soon = { timeout: 10_000, interval: 10 };

async function whenStarted(wsherd: RunningCli, command: RegExp): Promise<void> {
  await vi.waitFor(() => findOne(wsherd.processes(), command), soon);
}

async function expectReport({ finished, folder, processes }: RunningCli): Promise<void> {
  const { code, result, stdout, stderr } = await finished;
  expect(code, stderr).toBe(130);
  expectIdentities(result);
  expect(result.run).toMatchObject({ complete: false, validity: { status: 'partial' } });
  expect(result.events.map(({ kind }) => kind)).toContain('interrupted');
  expect(stdout).toMatch(/^(Interrupted|Failed: no connection was attempted)/);
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
  await expectNoProcess(processes);
}

test.concurrent('Ctrl-C before the ramp: a report that says that nothing was attempted yet, or how far it came', async () => {
  const file = scenarioFile({
    target: { server: 'heartbeat' },
    populations: { clients: beating },
    timeline,
  });
  const wsherd = start(['run', file]);
  await whenStarted(wsherd, /servers\/main\.js/);
  wsherd.ctrlC();
  await expectReport(wsherd);
});

test.concurrent('Ctrl-C in the ramp: those who have arrived are closed, nobody else comes', async () => {
  const file = scenarioFile({
    target: { server: 'heartbeat' },
    populations: { clients: { ...beating, connections: 100, arrive: { over: '20s' } } },
    timeline,
  });
  const wsherd = start(['run', file]);
  await wsherd.said(/ramp/);
  wsherd.ctrlC();
  await expectReport(wsherd);
  const { result } = await wsherd.finished;
  expectBalancedBooks(result);
  const { opened, attempted, neverOpened } = result.connections;
  expect(attempted).toBeGreaterThan(0);
  expect(attempted).toBeLessThan(90);
  expect(neverOpened).toBe(100 - opened);
  expect(result.phases.map(({ kind }) => kind)).toEqual(['ramp', 'drain']);
});

test.concurrent('Ctrl-C in a hold, sent on by npm too: all are closed with 1000, and the report is whole', async () => {
  const file = scenarioFile({
    target: { server: 'heartbeat' },
    populations: { clients: beating },
    timeline,
  });
  const wsherd = start(['run', file]);
  await wsherd.said(/hold/);
  wsherd.ctrlC();
  await wsherd.said(/Once more to end at once/);
  process.kill(wsherd.pid, 'SIGINT');
  await expectReport(wsherd);
  const { result } = await wsherd.finished;
  expectBalancedBooks(result);
  expect(result.connections).toMatchObject({ opened: 20, openAtEnd: 20 });
  expect(result.closes).toMatchObject([{ phase: 'drain', code: 1000, cause: 'local-close', count: 20 }]);
});

test.concurrent('Ctrl-C in the drain: it goes on to its end, and the run counts as interrupted', async () => {
  const file = scenarioFile({
    // Heartbeats of the last second are answered when the stall is over: so long the drain lasts.
    target: { server: 'heartbeat', options: { stall: { after: '2s', for: '3s' } } },
    populations: { clients: beating },
    timeline: [{ ramp: {} }, { hold: '1500ms' }, { drain: '10s' }],
  });
  const wsherd = start(['run', file]);
  await wsherd.said(/drain/);
  wsherd.ctrlC();
  await expectReport(wsherd);
  expectBalancedBooks((await wsherd.finished).result);
});

test.concurrent('a second Ctrl-C ends at once, and nobody is left behind', async () => {
  const file = scenarioFile({
    target: { server: 'closer' },
    connect: { path: '/silence' },
    populations: { clients: { ...beating, heartbeat: { every: '200ms', timeout: '60s' } } },
    timeline: [{ ramp: {} }, { hold: '30s' }, { drain: '60s' }],
  });
  const wsherd = start(['run', file]);
  await wsherd.said(/hold/);
  wsherd.ctrlC();
  await wsherd.said(/Once more to end at once/);
  await sleep(1000);
  wsherd.ctrlC();
  const { code, folder } = await wsherd.finished;
  expect(code).toBe(130);
  await expectNoProcess(wsherd.processes);
  expectWholeLines(folder);
});

test.concurrent('Ctrl-C while the target is still awaited: nothing was run, and it is said in one line', async () => {
  const args = ['-c', '5', '-d', '1s', '--wait-for-target', '60s'];
  const waiting = start(['run', `ws://127.0.0.1:${await unusedPort()}/`, ...args]);
  const file = scenarioFile({
    target: { command: ['sleep', '1000', '${port}'], ready: '60s' },
    populations: { clients: beating },
    timeline,
  });
  const starting = start(['run', file]);
  await vi.waitFor(() => expect(existsSync(join(waiting.folder, 'target.log'))).toBe(true), soon);
  await whenStarted(starting, /target\/guardian\.js/);
  for (const wsherd of [waiting, starting]) {
    wsherd.ctrlC();
    const { code, stderr, stdout } = await wsherd.finished;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(/Interrupted before the target was there: nothing was run\.\n$/);
    expect(stdout).toBe('');
    expect(existsSync(join(wsherd.folder, 'result.json'))).toBe(false);
    await expectNoProcess(wsherd.processes);
  }
});

test.concurrent('kill -9: targets end by themselves with all their children, and what was measured until then is on disk', async () => {
  const populations = { clients: beating };
  const scenarios = [
    { target: { server: 'heartbeat' }, populations, timeline },
    { target: { command: chattyGrandchild, path: '/echo' }, populations, timeline },
  ];
  const runs = scenarios.map((scenario) => start(['run', scenarioFile(scenario)]));
  await Promise.all(runs.map((wsherd) => wsherd.said(/hold/)));
  for (const wsherd of runs) process.kill(wsherd.pid, 'SIGKILL');
  for (const wsherd of runs) {
    expect((await wsherd.finished).code).toBeNull();
    await expectNoProcess(wsherd.processes);
    expectWholeLines(wsherd.folder);
    expect(existsSync(join(wsherd.folder, 'result.json'))).toBe(false);
  }
});

/** Every second that was reported is a whole line of JSON. */
function expectWholeLines(folder: string): void {
  const text = readFileSync(join(folder, 'intervals.ndjson'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const snapshots = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(snapshots.map(({ seq }) => seq)).toEqual([...snapshots.keys()]);
  const opened = snapshots.map(({ counters }) => counters['clients/connections.opened'] ?? 0);
  expect(opened.reduce((sum, count) => sum + count, 0)).toBe(beating.connections);
}
