import { join } from 'node:path';
import { nowUs, wallClockLabel } from '../clock.js';
import { InterruptedError, PreflightError, TargetError, UserError } from '../errors.js';
import { readMachine } from '../plan/machine.js';
import { type Plan, planRecord, planRun } from '../plan/plan.js';
import { preflight } from '../plan/preflight.js';
import { redactor } from '../redact.js';
import { buildResult } from '../result/build.js';
import { createRunFolder, RESULT_FILE, TARGET_LOG_FILE, writeWhole } from '../result/files.js';
import type { HttpFloor, Machine, RunResult } from '../result/types.js';
import type { Scenario } from '../scenario/scenario.js';
import { isLocalSpec } from '../target/safety.js';
import { type RunningTarget, startTarget } from '../target/target.js';
import { version } from '../version.js';
import { Halt } from './halt.js';
import type { CreateHost } from './host.js';
import type { Live } from './live.js';
import { RunLog } from './runLog.js';
import { TargetLog } from './targetLog.js';
import { workerTasks } from './tasks.js';
import { createThreadHost } from './threadHost.js';
import { followTimeline, LEAD_US } from './timeline.js';
import { WorkerGroup } from './workerGroup.js';

export interface RunOptions {
  /** The folder of the run; made if need be. */
  readonly folder: string;
  /** Overwrite a run that is there. */
  readonly force: boolean;
  /** Worker threads, or null to decide by the machine. */
  readonly workers: number | null;
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
  /** Threads of this process, unless said otherwise. */
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
  const plan = planRun(scenario, machine, options.workers);
  const problems = preflight(scenario, plan, machine);
  if (problems.length > 0) throw new PreflightError(problems.join('\n'));
  createRunFolder(options.folder, options.force);

  const halt = new Halt();
  const target = await prepareTarget(scenario, halt, options);
  try {
    return await runAgainst(target, { scenario, plan, machine, halt, options });
  } finally {
    await target.stop();
  }
}

async function prepareTarget(scenario: Scenario, halt: Halt, options: RunOptions): Promise<RunningTarget> {
  const { interrupt } = options;
  try {
    return await startTarget(scenario.target, {
      logFile: join(options.folder, TARGET_LOG_FILE),
      waitUs: options.waitForTargetUs,
      allowTargets: options.allowTargets,
      measuresMemory: scenario.timeline.some((phase) => phase.kind === 'ramp' && phase.steps > 1),
      onExit: (how) => halt.stop({ kind: 'target-exit', how }),
      interrupt,
    });
  } catch (error) {
    if (interrupt.aborted)
      throw new InterruptedError('Interrupted before the target was there: nothing was run.');
    // It names URLs and command lines, and quotes what the target printed.
    if (error instanceof TargetError) throw new TargetError(redactor(scenario.secrets)(error.message));
    throw error;
  }
}

interface Prepared {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly machine: Machine;
  readonly halt: Halt;
  readonly options: RunOptions;
}

async function runAgainst(target: RunningTarget, prepared: Prepared): Promise<RunResult> {
  const { plan, halt, options } = prepared;
  const { secrets } = prepared.scenario;
  const log = new RunLog(options.folder, plan.connections, plan.shards.length, secrets, options.onLive);
  const createHost = options.createHost ?? createThreadHost;
  const workers = new WorkerGroup(createHost, workerTasks(plan, target), {
    onSnapshot: (snapshot) => log.add(snapshot),
    onDied: (worker, why) => {
      log.workerDied(worker, why);
      if (!workers.anyAlive) halt.stop({ kind: 'workers-died' });
    },
  });
  const interrupt = (): void => halt.stop({ kind: 'interrupted' });
  options.interrupt.addEventListener('abort', interrupt);
  try {
    if (options.interrupt.aborted) interrupt();
    await halt.or(workers.whenAll('ready'));
    return await drive(target, workers, log, prepared);
  } finally {
    options.interrupt.removeEventListener('abort', interrupt);
    await workers.end();
  }
}

async function drive(
  target: RunningTarget,
  workers: WorkerGroup,
  log: RunLog,
  prepared: Prepared,
): Promise<RunResult> {
  const { scenario, halt, options } = prepared;
  const targetLog = new TargetLog(target, () => log.open);
  const startedAt = wallClockLabel();
  await targetLog.start();
  const startUs = nowUs() + 2 * LEAD_US;
  log.start(startUs);
  halt.onStop((reason) => log.halted(reason));
  workers.start(startUs);
  await followTimeline(scenario.timeline, workers, halt, startUs, {
    onPhase: (kind, name, atUs) => log.phase(kind, name, atUs),
    onPlateau: () => targetLog.plateau(),
    onPhaseEnding: (kind, name) => targetLog.phaseEnds(kind, name),
  });
  const durationMs = Math.round((nowUs() - startUs) / 1000);
  const targetFacts = await targetLog.finish(log.accumulator, startUs);
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
    generatorPid: workers.pid,
    dnsUs: target.dnsUs,
    target: targetFacts,
    ...log.finish(),
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
