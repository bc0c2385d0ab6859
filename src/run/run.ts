import { join } from 'node:path';
import { nowUs, wallClockLabel } from '../clock.js';
import { PreflightError, UserError } from '../errors.js';
import { readMachine } from '../plan/machine.js';
import { type Plan, planRecord, planRun, type Staff } from '../plan/plan.js';
import { preflight } from '../plan/preflight.js';
import type { Accumulator } from '../result/accumulator.js';
import { buildResult } from '../result/build.js';
import { createRunFolder, RESULT_FILE, TARGET_LOG_FILE, writeWhole } from '../result/files.js';
import type { HttpFloor, Machine, RunResult } from '../result/types.js';
import type { Scenario } from '../scenario/scenario.js';
import { forecastStorms } from '../storm/forecast.js';
import { isLocalSpec } from '../target/safety.js';
import type { RunningTarget } from '../target/target.js';
import { version } from '../version.js';
import { assumptionsOf } from './assumptions.js';
import { type Beside, startBeside } from './beside.js';
import { broadcastFacts } from './broadcastFacts.js';
import { Decision } from './decision.js';
import { FaultControl } from './faultControl.js';
import { Halt } from './halt.js';
import type { CreateHost } from './host.js';
import type { Live } from './live.js';
import { hasPlateaus } from './memoryLog.js';
import { type Opposite, prepareOpposite } from './prepare.js';
import { createProcessHost } from './processHost.js';
import { RunLog } from './runLog.js';
import { TargetLog } from './targetLog.js';
import { workerTasks } from './tasks.js';
import { createThreadHost } from './threadHost.js';
import { followTimeline, LEAD_US } from './timeline.js';
import { WorkerGroup } from './workerGroup.js';

export interface RunOptions extends Staff {
  /** The folder of the run; made if need be. */
  readonly folder: string;
  /** Overwrite a run that is there. */
  readonly force: boolean;
  /** `host` or `host:port` that may be tested though not on the loopback interface. */
  readonly allowTargets: readonly string[];
  /** How long to wait for a target that already runs, in us. */
  readonly waitForTargetUs: number;
  /** The command line that repeats this run, for the record. */
  readonly command: string;
  readonly httpFloor: HttpFloor | null;
  /** Aborted: stop sending, drain, and still write everything. */
  readonly interrupt: AbortSignal;
  readonly onLive: (live: Live) => void;
  /**
   * Looked at after each snapshot until the drain: why the run cannot pass any more, or null. Then it is left there: its
   * record is not complete, but it is judged like any other.
   */
  readonly decided?: (accumulator: Accumulator) => string | null;
  /** Default: as the plan says, threads of this process or processes. */
  readonly createHost?: CreateHost;
}

/** The run is over, and its record could not be written down. */
export class UnsavedRunError extends UserError {
  constructor(
    { message, exitCode }: UserError,
    readonly result: RunResult,
  ) {
    super(message, exitCode);
  }
}

/**
 * Runs a scenario and leaves its record in the folder. Throws `UserError` when the run cannot begin; from then on
 * whatever goes wrong is part of the record, but that it cannot be written: then `UnsavedRunError`.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const machine = readMachine(isLocalSpec(scenario.target));
  const plan = planRun(scenario, machine, options);
  const problems = preflight(scenario, plan, machine);
  if (problems.length > 0) throw new PreflightError(problems.join('\n'));
  createRunFolder(options.folder, options.force);

  const halt = new Halt();
  const opposite = await prepareOpposite(scenario, halt, options);
  try {
    return await runAgainst(opposite, { scenario, plan, machine, halt, options });
  } finally {
    await opposite.stop();
  }
}

interface Prepared {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly machine: Machine;
  readonly halt: Halt;
  readonly options: RunOptions;
}

async function runAgainst(opposite: Opposite, prepared: Prepared): Promise<RunResult> {
  const { scenario, plan, halt, options } = prepared;
  const log = new RunLog(
    options.folder,
    plan.connections,
    plan.shards.length,
    scenario.secrets,
    options.onLive,
  );
  const decision = new Decision(options.decided, log, halt);
  const createHost = options.createHost ?? (plan.processes === null ? createThreadHost : createProcessHost);
  const workers = new WorkerGroup(createHost, workerTasks(plan, opposite), {
    onSnapshot(snapshot) {
      log.add(snapshot);
      decision.look();
    },
    onUnaccounted: (worker) => log.unaccounted(worker),
    onDied: (worker, why) => {
      log.workerDied(worker, why);
      if (!workers.anyAlive) halt.stop({ kind: 'workers-died' });
    },
  });
  const beside = besideOf(scenario, opposite.target, plan, log);
  const interrupt = (): void => halt.stop({ kind: 'interrupted' });
  options.interrupt.addEventListener('abort', interrupt);
  try {
    if (options.interrupt.aborted) interrupt();
    await halt.or(Promise.all([workers.whenAll('ready'), beside?.ready()]));
    return await drive(opposite, workers, beside, log, prepared);
  } finally {
    options.interrupt.removeEventListener('abort', interrupt);
    decision.end();
    await beside?.stop();
    await workers.end();
  }
}

function besideOf(scenario: Scenario, target: RunningTarget, plan: Plan, log: RunLog): Beside | null {
  if (scenario.beside === null) return null;
  const source = { machine: 0, host: 0, worker: plan.shards.length };
  return startBeside(
    scenario.beside,
    target,
    source,
    (snapshot) => log.add(snapshot),
    (why) => log.besideDied(why),
  );
}

async function drive(
  opposite: Opposite,
  workers: WorkerGroup,
  beside: Beside | null,
  log: RunLog,
  prepared: Prepared,
): Promise<RunResult> {
  const { scenario, halt, options } = prepared;
  const targetLog = new TargetLog(
    opposite,
    hasPlateaus(scenario.timeline),
    () => log.open,
    (kind, detail) => log.event(kind, detail),
  );
  const faults = new FaultControl(opposite, join(options.folder, TARGET_LOG_FILE), workers, log);
  const startedAt = wallClockLabel();
  await targetLog.start();
  const startUs = nowUs() + 2 * LEAD_US;
  log.start(startUs);
  halt.onStop((reason) => log.halted(reason));
  workers.start(startUs);
  beside?.start(startUs);
  const outset = { startUs, connections: prepared.plan.connections };
  await followTimeline(scenario.timeline, workers, halt, outset, {
    onPhase(kind, name, atUs) {
      beside?.enter(name, atUs);
      log.phase(kind, name, atUs);
    },
    onPlateau: () => targetLog.plateau(),
    onFault: ({ fault }, atUs) => faults.begin(fault, atUs),
    isRecovered: (share, sinceUs) => !faults.isUnderWay && log.isRecovered(share, sinceUs),
    onNotRecovered: (phase) => log.notRecovered(phase),
    onDrain: () => faults.end(),
    onPhaseEnding: (kind, name) => targetLog.phaseEnds(kind, name),
  });
  await beside?.stop();
  const durationMs = Math.round((nowUs() - startUs) / 1000);
  const target = await targetLog.finish(log.accumulator, startUs);
  const written = log.finish();
  const result = buildResult({
    version,
    run: {
      id: startedAt,
      startedAt,
      durationMs,
      complete: halt.reason === null,
      command: options.command,
    },
    scenario,
    plan: planRecord(prepared.plan),
    machine: prepared.machine,
    httpFloor: options.httpFloor,
    generatorPids: workers.pids,
    dnsUs: opposite.target.dnsUs,
    target,
    broadcast: broadcastFacts(scenario),
    predictions: forecastStorms(scenario, assumptionsOf(opposite.target, target, written, prepared)),
    ...written,
  });
  saveRecord(options.folder, result);
  return result;
}

/** On disk before anything else can fail: reports are drawn from this file. */
export function saveRecord(folder: string, result: RunResult): void {
  try {
    writeWhole(join(folder, RESULT_FILE), `${JSON.stringify(result)}\n`);
  } catch (error) {
    throw error instanceof UserError ? new UnsavedRunError(error, result) : error;
  }
}
