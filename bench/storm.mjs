import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseScenario, runScenario } from '../dist/index.js';
import { assumptionsFor } from '../dist/storm/assumptions.js';
import { forecastStorms } from '../dist/storm/forecast.js';
import { median } from './shard.mjs';

const SIZES = [3000, 5000];
const POLICIES = {
  immediate: { policy: 'immediate' },
  fixed: { policy: 'fixed', base: '1s' },
  'full-jitter': { policy: 'full-jitter', base: '500ms', cap: '5s' },
};
const RUNS = 3;
const MILLION = 1_000_000;

export const title = 'A server killed for 3 s: how its clients come back, and what the model says of it';

export async function run() {
  const rows = [];
  const demands = [];
  for (const connections of SIZES) {
    for (const [policy, reconnect] of Object.entries(POLICIES)) {
      const recoveries = [];
      for (let i = 0; i < RUNS; i++) recoveries.push(await recoveryOf(scenario(connections, reconnect)));
      const ratio = median(recoveries.map(({ t99Ms, predicted }) => predicted.t99Ms / t99Ms));
      rows.push({
        connections,
        policy,
        't99 measured s': seconds(recoveries.map(({ t99Ms }) => t99Ms)),
        't99 predicted s': seconds(recoveries.map(({ predicted }) => predicted.t99Ms)),
        ratio: ratio.toFixed(2),
        'attempts measured': median(recoveries.map(({ attempts }) => attempts)),
        'attempts predicted': median(recoveries.map(({ predicted }) => predicted.attempts)),
      });
      demands.push({
        what: `${policy}, ${connections} connections: t99 predicted / measured`,
        value: ratio,
        least: 0.8,
        most: 1.2,
      });
      if (policy === 'immediate' && connections === 5000) {
        demands.push({
          what: 'opens a second while 5,000 come back under immediate, one worker',
          value: median(recoveries.map(opensPerSecond)),
          least: 1500,
        });
      }
    }
  }
  return { rows, demands: [...demands, millionDemand()] };
}

function scenario(connections, reconnect) {
  return parseScenario({
    text: JSON.stringify({
      version: 1,
      name: 'storm',
      target: { server: 'echo' },
      populations: { clients: { connections, arrive: { over: '4s' }, reconnect } },
      timeline: [
        { ramp: {} },
        { hold: '2s' },
        { fault: { kind: 'kill-target', down: '3s' } },
        { recover: { until: '100%', within: '40s' } },
        { drain: '2s' },
      ],
    }),
    file: null,
    folder: '.',
    env: {},
  });
}

async function recoveryOf(given) {
  const folder = mkdtempSync(join(tmpdir(), 'wsherd-bench-'));
  try {
    const { recoveries } = await runScenario(given, {
      folder,
      force: true,
      workers: 1,
      allowTargets: [],
      waitForTargetUs: 0,
      command: '',
      httpFloor: null,
      interrupt: new AbortController().signal,
      onLive() {},
    });
    return recoveries[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** From when the target is up again until 99 % of the clients are back. */
function opensPerSecond({ dropped, t99Ms, predicted }) {
  return (0.99 * dropped * 1000) / (t99Ms - predicted.assumptions.outageMs);
}

function millionDemand() {
  const million = scenario(MILLION, { policy: 'full-jitter' });
  const startMs = performance.now();
  forecastStorms(million, assumptionsFor(million));
  return {
    what: 'seconds to simulate a million connections under full-jitter, 2,000 handshakes a second',
    value: (performance.now() - startMs) / 1000,
    most: 10,
  };
}

function seconds(valuesMs) {
  return (median(valuesMs) / 1000).toFixed(2);
}
