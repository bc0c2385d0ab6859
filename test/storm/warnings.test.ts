import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../src/scenario/faultSpec.js';
import type { PhaseSpec, PopulationSpec } from '../../src/scenario/scenario.js';
import { assumptionsFor } from '../../src/storm/assumptions.js';
import { forecastStorms } from '../../src/storm/forecast.js';
import { stormWarnings } from '../../src/storm/warnings.js';
import { population, scenario } from '../plan/scenarios.js';
import { fixed, policy, SECOND_US } from './storms.js';

const kill: PhaseSpec = {
  kind: 'fault',
  name: 'fault',
  fault: { kind: 'kill-target', downUs: 3 * SECOND_US },
};
const hold: PhaseSpec = { kind: 'hold', name: 'hold', forUs: SECOND_US };

function recover(withinUs: number, untilShare = 0.99): PhaseSpec {
  return { kind: 'recover', name: 'recover', untilShare, withinUs };
}

function clients(given: Partial<PopulationSpec> = {}): PopulationSpec {
  return population('clients', 1000, { reconnect: policy(fixed(SECOND_US)), ...given });
}

function warningsOf(timeline: readonly PhaseSpec[], populations: readonly PopulationSpec[] = [clients()]) {
  const given = scenario({ timeline, populations });
  return stormWarnings(given, forecastStorms(given, assumptionsFor(given)));
}

describe('a warning beforehand', () => {
  test('is not given about a storm that will pass in time', () => {
    expect(warningsOf([kill, hold, recover(20 * SECOND_US)])).toEqual([]);
  });

  test('says when the clients cannot be back in the time that recover waits', () => {
    expect(warningsOf([kill, recover(4 * SECOND_US)])).toEqual([
      'recover waits 4s for 99 % open again; by the model that takes 5s300ms, at 2000 handshakes a second.',
    ]);
    expect(warningsOf([kill, recover(4500_000, 0.5)])).toEqual([]);
  });

  test('says that a population without reconnect does not come back, and that recover waits in vain', () => {
    expect(warningsOf([kill, recover(20 * SECOND_US)], [clients({ reconnect: null })])).toEqual([
      'clients has no reconnect: what it loses in fault does not come back.',
      'recover waits for 99 % open again, which by the model is never reached.',
    ]);
  });

  test('says when a policy gives up before the target is back', () => {
    const hasty = clients({ reconnect: policy(fixed(SECOND_US), { name: 'hasty', attempts: 3 }) });
    expect(warningsOf([kill, recover(20 * SECOND_US)], [hasty])[0]).toBe(
      'clients (hasty) gives up 1000 of 1000 connections after fault: 3 attempts in a row do not last until the target lets everybody in.',
    );
  });

  test('says when a policy does not retry the code that the server closes with', () => {
    const closes = [{ codes: [1008, 1008] as const, action: 'give-up' as const }];
    const strict = clients({ reconnect: policy(fixed(SECOND_US), { closes }) });
    const fault: FaultSpec = { kind: 'disconnect', share: 1, how: 'server-close', code: 1008 };
    const warnings = warningsOf([{ ...kill, fault } as PhaseSpec, recover(20 * SECOND_US)], [strict]);
    expect(warnings[0]).toMatch(/its policy does not retry that close code/);
  });

  test('notes that nothing waits for the clients when no recover phase follows the fault', () => {
    const again: PhaseSpec = { ...kill, name: 'fault-2' };
    expect(warningsOf([kill, hold, again, recover(20 * SECOND_US)])).toEqual([
      'No recover phase follows fault: nothing waits for connections to come back, or judges whether they did.',
    ]);
  });

  test('is given about a blackhole too, which the model does not foresee', () => {
    const fault: FaultSpec = { kind: 'blackhole', forUs: SECOND_US, share: 1 };
    const blackhole: PhaseSpec = { kind: 'fault', name: 'silence', fault };
    expect(warningsOf([blackhole], [clients({ reconnect: null })])).toEqual([
      'No recover phase follows silence: nothing waits for connections to come back, or judges whether they did.',
      'clients has no reconnect: what it loses in silence does not come back.',
    ]);
  });

  test('is not given about a fault that ends no connection', () => {
    const fault: FaultSpec = { kind: 'latency', forUs: SECOND_US, share: 1, delayUs: 1, jitterUs: 0 };
    expect(warningsOf([{ kind: 'fault', name: 'slow', fault }], [clients({ reconnect: null })])).toEqual([]);
  });
});
