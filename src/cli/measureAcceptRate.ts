import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterruptedError, TargetError } from '../errors.js';
import type { Staff } from '../plan/plan.js';
import { runScenario } from '../run/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { acceptRate } from '../storm/acceptRate.js';
import { scaleScenario } from '../storm/scale.js';

/** Half of them warm both ends up; the other half takes a fast server some tenths of a second. */
const MOST_CONNECTIONS = 4000;

/** The phase in which it is measured. */
const TIMED = 'timed';

export interface MeasureOptions extends Staff {
  readonly allowTargets: readonly string[];
  readonly interrupt: AbortSignal;
}

export interface MeasuredRate {
  readonly acceptPerSecond: number;
  /** How it was found, in words. */
  readonly acceptSource: string;
}

/**
 * Handshakes per second that the scenario's target and this machine manage together: starts the target, opens up to
 * 2,000 of the scenario's connections at once, then as many again, which are timed, and keeps no record. Throws what
 * `runScenario` throws, and `TargetError` when nothing opened.
 */
export async function measureAcceptRate(scenario: Scenario, options: MeasureOptions): Promise<MeasuredRate> {
  const folder = mkdtempSync(join(tmpdir(), 'wsherd-'));
  try {
    const result = await runScenario(openingAtOnce(scenario), {
      ...options,
      folder: join(folder, 'run'),
      force: false,
      waitForTargetUs: 0,
      command: '',
      httpFloor: null,
      onLive: () => {},
    });
    if (options.interrupt.aborted)
      throw new InterruptedError('Interrupted while the accept rate was measured.');
    const { attempts, connections, phases } = result;
    const timed = phases.find(({ name }) => name === TIMED);
    const opens = timed?.metrics['connections.opened'];
    const acceptPerSecond =
      timed === undefined ? 0 : acceptRate(attempts.opens, attempts.binMs, timed.startMs);
    if (acceptPerSecond === 0) {
      throw new TargetError(
        `--accept-rate measured: none of ${connections.attempted} attempts opened; give the rate as a number.`,
      );
    }
    return {
      acceptPerSecond: Math.round(acceptPerSecond),
      acceptSource: `measured with ${opens?.kind === 'counter' ? opens.value : 0} connections at once`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same clients and the same target, but they do nothing except connect. */
function openingAtOnce(scenario: Scenario): Scenario {
  const planned = scenario.populations.reduce((sum, { connections }) => sum + connections, 0);
  const { populations, ...rest } = scaleScenario(scenario, Math.min(planned, MOST_CONNECTIONS));
  return {
    ...rest,
    beside: null,
    populations: populations.map((population) => ({
      ...population,
      arrive: { kind: 'at-once' },
      patterns: [],
      lifetimeUs: null,
      reconnect: null,
    })),
    timeline: [
      { kind: 'ramp', name: 'warm-up', toShare: 0.5, steps: 1, settleUs: 0 },
      { kind: 'hold', name: 'hold', forUs: 300_000 },
      { kind: 'ramp', name: TIMED, toShare: 1, steps: 1, settleUs: 0 },
      { kind: 'drain', name: 'drain', forUs: 1_000_000 },
    ],
    thresholds: [],
  };
}
