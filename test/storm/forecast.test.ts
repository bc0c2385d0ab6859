import { describe, expect, test } from 'vitest';
import { Purpose } from '../../src/patterns/pattern.js';
import { hashName, randomAt } from '../../src/plan/random.js';
import type { FaultSpec } from '../../src/scenario/faultSpec.js';
import type { PhaseSpec, PopulationSpec, Scenario } from '../../src/scenario/scenario.js';
import { assumptionsFor } from '../../src/storm/assumptions.js';
import { forecastStorms } from '../../src/storm/forecast.js';
import { population, scenario } from '../plan/scenarios.js';
import { fixed, fullJitter, policy, SECOND_US } from './storms.js';

const clients = population('clients', 1000, { reconnect: policy(fixed(SECOND_US)) });

function withFaults(
  faults: readonly FaultSpec[],
  populations: readonly PopulationSpec[] = [clients],
): Scenario {
  const phases = faults.map((fault, i): PhaseSpec => ({ kind: 'fault', name: `fault-${i + 1}`, fault }));
  return scenario({ populations, timeline: phases });
}

function forecastOf(fault: FaultSpec, populations?: readonly PopulationSpec[]) {
  const given = withFaults([fault], populations);
  const [prediction] = forecastStorms(given, assumptionsFor(given));
  if (prediction === null || prediction === undefined) throw new Error('there is no prediction');
  return prediction;
}

describe('a forecast of each fault', () => {
  test('adds the start of the target to the time that it is down', () => {
    const killed = forecastOf({ kind: 'kill-target', downUs: 3 * SECOND_US });
    expect(killed.assumptions).toEqual({
      outageMs: 3150,
      acceptPerSecond: 2000,
      acceptSource: 'assumed',
      acceptQueue: 512,
      attemptsPerSecond: null,
      refusedPerSecond: null,
    });
    expect(killed.t50Ms).toBeCloseTo(4250, -1);
  });

  test('says that a target which does not start again is never open again', () => {
    const given = withFaults(
      [{ kind: 'kill-target', downUs: SECOND_US }],
      [population('clients', 10, { reconnect: policy(fixed(SECOND_US), { attempts: 5 }) })],
    );
    const [prediction] = forecastStorms(given, assumptionsFor(given, { startUpUs: null }));
    expect(prediction).toMatchObject({ t50Ms: null, attempts: 50, gaveUp: 10, stopped: null });
    expect(prediction?.assumptions.outageMs).toBeNull();
  });

  test('says so when it was stopped before the end', () => {
    const given = withFaults([{ kind: 'kill-target', downUs: SECOND_US }]);
    const [prediction] = forecastStorms(given, assumptionsFor(given, { startUpUs: null }));
    expect(prediction?.stopped).toBe(
      'the model was stopped at 6h of simulated time, when 1000 of 1000 were still out',
    );
  });

  test('knows that a server which is told to go says 1001', () => {
    const leaving = policy(fixed(SECOND_US), { closes: [{ codes: [1001, 1001], action: 'give-up' }] });
    const populations = [population('clients', 10, { reconnect: leaving })];
    const times = { downUs: SECOND_US, graceUs: SECOND_US };
    expect(forecastOf({ kind: 'restart-target', ...times }, populations).gaveUp).toBe(10);
    expect(forecastOf({ kind: 'kill-target', ...times }, populations).gaveUp).toBe(0);
    const order = { kind: 'disconnect', share: 1, code: 1001 } as const;
    expect(forecastOf({ ...order, how: 'server-close' }, populations).gaveUp).toBe(10);
    expect(forecastOf({ ...order, how: 'fin' }, populations).gaveUp).toBe(0);
  });

  test('drops the share of each population that the fault takes, and nobody else', () => {
    const populations = [clients, population('few', 7, { reconnect: policy(fixed(SECOND_US)) })];
    const partial = forecastOf({ kind: 'disconnect', share: 0.3, how: 'reset', code: 1000 }, populations);
    expect(partial.populations.clients?.dropped).toBe(300);
    expect(partial.populations.few?.dropped).toBe(2);
    expect(partial).toMatchObject({ dropped: 302, attempts: 302, assumptions: { outageMs: 0 } });
  });

  test('resets the share of new attempts too while a reset lasts', () => {
    const reset = forecastOf({ kind: 'reset', share: 0.5, forUs: 1.5 * SECOND_US });
    expect(reset).toMatchObject({ dropped: 500, attempts: 750, gaveUp: 0 });
  });

  test('is null where the model says nothing, in the order of the timeline', () => {
    const forUs = SECOND_US;
    const given = withFaults([
      { kind: 'refuse', forUs },
      { kind: 'blackhole', forUs, share: 1 },
      { kind: 'kill-target', downUs: forUs },
      { kind: 'latency', forUs, share: 1, delayUs: 1, jitterUs: 0 },
      { kind: 'bandwidth', forUs, share: 1, bytesPerSecond: 1 },
      { kind: 'slow-accept', forUs, perSecond: 1 },
      { kind: 'command', run: ['true'], timeoutUs: forUs },
    ]);
    const predictions = forecastStorms(given, assumptionsFor(given));
    expect(predictions.map((prediction) => prediction !== null)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

test('draws the very delays that a run with the same seed draws', () => {
  const most = 4 * SECOND_US;
  const jittered = population('jittered', 200, {
    reconnect: policy(fullJitter(most, most), { attempts: 1 }),
  });
  const given = { ...withFaults([{ kind: 'kill-target', downUs: most }], [jittered]), seed: 7 };
  const [prediction] = forecastStorms(given, assumptionsFor(given));
  const drawn = Array<number>(40).fill(0);
  for (let i = 0; i < 200; i++) {
    const delayUs = Math.round(most * randomAt(7, hashName('jittered'), i, Purpose.reconnect, 0));
    drawn[Math.floor(delayUs / 100_000)]!++;
  }
  expect(prediction?.attemptBins).toEqual(drawn);
  expect(prediction).toMatchObject({ attempts: 200, gaveUp: 200, t50Ms: null });
});

test('has as many bins of opens as of attempts, and ends them with everybody who is back', () => {
  const { openBins, attemptBins, binMs, t100Ms } = forecastOf({ kind: 'kill-target', downUs: SECOND_US });
  expect(binMs).toBe(100);
  expect(openBins.length).toBeGreaterThanOrEqual(attemptBins.length);
  expect(openBins.at(-1)).toBe(1000);
  expect(openBins.length).toBe(Math.floor((t100Ms ?? 0) / 100) + 1);
});

test('a handshake timeout of the policy takes the place of that of the connection', () => {
  const order = { kind: 'disconnect', share: 1, how: 'fin', code: 1000 } as const;
  const patience = (connectTimeoutUs: number | null) => [
    population('clients', 1000, { reconnect: policy(fixed(SECOND_US), { connectTimeoutUs, attempts: 1 }) }),
  ];
  // 1,000 at once, of whom 512 fit in the queue: the others need a second SYN, 1 s later.
  expect(forecastOf(order, patience(900_000)).gaveUp).toBe(488);
  expect(forecastOf(order, patience(null)).gaveUp).toBe(0);
});

test('the accept queue is that of the backlog which the reference server is given', () => {
  const target = (backlog?: number): Scenario['target'] => ({
    kind: 'server',
    server: 'echo',
    options: backlog === undefined ? {} : { backlog },
    instances: 1,
  });
  expect(assumptionsFor({ target: target(99) }).acceptQueue).toBe(100);
  expect(assumptionsFor({ target: target(100_000) }).acceptQueue).toBe(4097);
  expect(assumptionsFor({ target: { kind: 'url', url: 'ws://127.0.0.1/', pid: null } }).acceptQueue).toBe(
    512,
  );
});
