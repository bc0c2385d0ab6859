import { join } from 'node:path';
import { nowUs } from '../clock.js';
import { TargetError } from '../errors.js';
import { redactor } from '../redact.js';
import { TARGET_LOG_FILE } from '../result/files.js';
import type { RunOptions } from '../run/run.js';
import type { PopulationSpec, Scenario } from '../scenario/scenario.js';
import { type RunningTarget, startTarget } from '../target/target.js';

const STOP_GRACE_US = 3_000_000;
/** How often, and how far apart, a target is asked whether it has recovered. */
const PROBES = 5;
const PROBE_GAP_MS = 2000;

/** How a target came to its end by itself, and when, on the monotonic clock. */
export interface Death {
  readonly how: string;
  readonly atUs: number;
}

/** The target over all tries of a search. */
export interface Keeper {
  /** With the target that each try meets. */
  readonly scenario: Scenario;
  /** That of the present try; null while it lives, or when each try has a target of its own. */
  readonly death: Death | null;
  /**
   * After a level that did not pass: waits until the target lets connections in again, and starts it anew where it
   * does not and may be. Returns what was done about it, or null for nothing.
   * @param letsIn Tries it with one connection of each population.
   */
  recover(
    letsIn: () => Promise<boolean>,
  ): Promise<{ readonly note: string; readonly isBroken: boolean } | null>;
  stop(): Promise<void>;
}

/** Each try starts its own target: nothing is left of the one before. */
export function freshTargets(scenario: Scenario): Keeper {
  return { scenario, death: null, recover: async () => null, stop: async () => {} };
}

/**
 * One target for all tries: the one that runs already or one that is started here, which each try then finds running.
 * Throws `TargetError` when it does not start.
 */
export async function keepTarget(
  scenario: Scenario,
  options: Pick<RunOptions, 'folder' | 'allowTargets' | 'waitForTargetUs' | 'interrupt'>,
): Promise<Keeper> {
  if (scenario.target.kind === 'url') return foundTarget(scenario, scenario.target.url);
  let death: Death | null = null;
  const target = await startTarget(scenario.target, {
    logFile: join(options.folder, TARGET_LOG_FILE),
    waitUs: options.waitForTargetUs,
    allowTargets: options.allowTargets,
    measuresMemory: false,
    onExit(how) {
      death = { how: `ended ${how}`, atUs: nowUs() };
    },
    interrupt: options.interrupt,
  });
  return {
    get scenario() {
      return pointedAt(scenario, target);
    },
    get death() {
      return death;
    },
    async recover(letsIn) {
      if (death === null && (await isBack(letsIn, options.interrupt))) return null;
      const failure = await startAnew(target);
      death = null;
      if (failure !== null) return { isBroken: true, note: redactor(scenario.secrets)(failure) };
      if (await letsIn()) return { isBroken: false, note: 'it was started again' };
      return { isBroken: true, note: 'it was started again, and lets no connection in' };
    },
    stop: () => target.stop(),
  };
}

function foundTarget(scenario: Scenario, url: string): Keeper {
  return {
    scenario,
    death: null,
    async recover(letsIn) {
      if (await isBack(letsIn, null)) return null;
      const waited = ((PROBES - 1) * PROBE_GAP_MS) / 1000;
      const note = `${url} lets no connection in any more, ${waited} s later; wsherd did not start it, and cannot start it again`;
      return { isBroken: true, note };
    },
    stop: async () => {},
  };
}

async function isBack(letsIn: () => Promise<boolean>, interrupt: AbortSignal | null): Promise<boolean> {
  for (let probe = 1; ; probe++) {
    if (await letsIn()) return true;
    if (probe === PROBES || interrupt?.aborted === true) return false;
    await new Promise((resolve) => setTimeout(resolve, PROBE_GAP_MS));
  }
}

/** Null, or why it did not start. */
async function startAnew({ lifecycle }: RunningTarget): Promise<string | null> {
  if (lifecycle === null) return 'it cannot be started again';
  try {
    await lifecycle.end('SIGTERM', STOP_GRACE_US);
    await lifecycle.startAgain();
    return null;
  } catch (error) {
    if (error instanceof TargetError) return error.message;
    throw error;
  }
}

/** The tries find it running, and trust the certificate that it has made for itself. */
function pointedAt(scenario: Scenario, { url, ca, processes }: RunningTarget): Scenario {
  const trusting = (population: PopulationSpec): PopulationSpec => {
    const { connect } = population;
    return { ...population, connect: { ...connect, tls: { ...connect.tls, ca: connect.tls.ca ?? ca } } };
  };
  const { target } = scenario;
  const metrics =
    target.kind === 'command' && target.metrics !== undefined ? { metrics: target.metrics } : {};
  return {
    ...scenario,
    target: { kind: 'url', url: url.href, pid: processes().at(-1)?.pid ?? null, ...metrics },
    populations: scenario.populations.map(trusting),
  };
}
