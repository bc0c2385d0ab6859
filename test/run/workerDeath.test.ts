import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../dist/result/exitCode.js';
import { RESULT_FILE, readResult } from '../../dist/result/files.js';
import type { RunResult } from '../../dist/result/types.js';
import { createProcessHost } from '../../dist/run/processHost.js';
import { runScenario } from '../../dist/run/run.js';
import { createThreadHost } from '../../dist/run/threadHost.js';
import { parseScenario } from '../../dist/scenario/read.js';
import { crashingHost } from '../support/crashingHost.js';
import { counter } from '../support/identities.js';
import { scratchFolder } from '../support/scratch.js';

const document = {
  version: 1,
  target: { server: 'heartbeat' },
  populations: { clients: { connections: 21, arrive: { over: '500ms' }, heartbeat: { every: '100ms' } } },
  timeline: [{ ramp: {} }, { hold: '4s' }, { drain: '2s' }],
};

async function runWith(...crashes: Parameters<typeof crashingHost>): Promise<RunResult> {
  const folder = join(scratchFolder(), 'run');
  const scenario = parseScenario({ text: JSON.stringify(document), file: null, folder: '.', env: {} });
  const result = await runScenario(scenario, {
    folder,
    force: false,
    workers: 2,
    processes: null,
    allowTargets: [],
    waitForTargetUs: 0,
    command: 'wsherd run',
    httpFloor: null,
    interrupt: new AbortController().signal,
    onLive() {},
    createHost: crashingHost(...crashes),
  });
  expect(readResult(join(folder, RESULT_FILE))).toEqual(result);
  return result;
}

// Side by side: most of a run is waiting.
test.concurrent.each([
  ['thread', createThreadHost],
  ['process', createProcessHost],
])(
  'a worker whose %s dies in the middle makes the run partial; the other goes on, and what was reported is kept',
  async (_, createHost) => {
    const result = await runWith([{ worker: 1, afterMs: 4000 }], createHost);
    expect(result.run.validity.status).toBe('partial');
    expect(result.run.validity.reasons).toEqual([
      expect.stringMatching(
        /^Worker 1 died after \d\.\d s \(.+\); what it had reported until then is kept\.$/,
      ),
    ]);
    expect(exitCodeOf(result, true)).toBe(4);
    expect(result.events.map(({ kind }) => kind)).toContain('worker-died');
    expect(result.generator.hosts.flatMap(({ workers }) => workers).map(({ died }) => died)).toEqual([
      false,
      true,
    ]);

    // 11 connections of the first worker lived to the end; of the 10 of the other no end is known.
    expect(result.connections).toMatchObject({ planned: 21, opened: 21, openAtEnd: 11, neverOpened: 0 });
    expect(result.closes).toMatchObject([{ cause: 'local-close', code: 1000, count: 11 }]);
    expect(result.phases.map(({ name }) => name)).toEqual(['ramp', 'hold', 'drain']);
    expect(result.series.open.slice(0, -1)).toContain(11);
    const sent = counter(result.metrics, 'heartbeat.sent');
    expect(sent).toBeGreaterThan(11 * 30);
    // The server heard everything that was reported, and what the dead worker did in its last second.
    expect(result.target.counts?.opened).toBe(21);
    expect(result.target.counts?.pingsIn).toBeGreaterThanOrEqual(sent);
    expect(result.target.counts?.closed).toBe(21);
  },
);

test.concurrent('when every worker has died the run ends there', async () => {
  const result = await runWith([
    { worker: 0, afterMs: 3500 },
    { worker: 1, afterMs: 3500 },
  ]);
  expect(result.run).toMatchObject({ complete: false, validity: { status: 'partial' } });
  expect(result.run.validity.reasons.at(-1)).toBe('No worker was left.');
  expect(result.run.durationMs).toBeLessThan(5000);
  expect(result.generator.hosts[0]?.workers.map(({ died }) => died)).toEqual([true, true]);
  expect(counter(result.metrics, 'heartbeat.sent')).toBeGreaterThan(0);
  expect(exitCodeOf(result, true)).toBe(4);
});

test.concurrent('workers that die before the start leave a record that says so', async () => {
  const result = await runWith([
    { worker: 0, afterMs: 0 },
    { worker: 1, afterMs: 0 },
  ]);
  expect(result.run.validity.reasons).toHaveLength(3);
  expect(result.generator.hosts[0]?.workers.map(({ died }) => died)).toEqual([true, true]);
  expect(result.connections).toMatchObject({ planned: 21, attempted: 0, neverOpened: 21 });
  // Nothing opened, which says more than that the run is not whole.
  expect(exitCodeOf(result, true)).toBe(3);
});
