import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs, wallClockLabel } from '../clock.js';
import { InterruptedError, PreflightError, TargetError } from '../errors.js';
import { redactor } from '../redact.js';
import type { CapacityOutcome, CapacityRecord, CapacityTry, Limit } from '../result/capacity.js';
import { CAPACITY_FILE, createCapacityFolder, tryFolder, writeWhole } from '../result/files.js';
import type { RunResult } from '../result/types.js';
import { type RunOptions, runScenario } from '../run/run.js';
import type { CapacitySpec } from '../scenario/capacitySpec.js';
import type { Scenario } from '../scenario/scenario.js';
import { decidedBy } from './decided.js';
import { figuresOf } from './figures.js';
import { type Death, freshTargets, type Keeper, keepTarget } from './keptTarget.js';
import { scenarioAt } from './level.js';
import { judgeRun } from './limits.js';
import { capacityRecord, type JudgedTry } from './record.js';
import { bracketSoFar, nextStep } from './search.js';

export interface CapacityOptions extends Omit<RunOptions, 'decided'> {
  /** Loads that what they need is foretold for; without any, what passed, twice and ten times that. */
  readonly sizeFor: readonly number[];
  /** After each try, when its record and that of the search so far are on disk; `result` is null when it did not come to a run. */
  readonly onTry: (load: number, one: CapacityTry, result: RunResult | null) => void;
}

/**
 * Searches for the highest load at which a scenario passes: each try is a run of its own, in a folder inside `folder`,
 * and `capacity.json` there is whole after each of them. Throws `UserError` when the search cannot begin, since the
 * target does not start or this machine cannot carry even the first level; from then on what goes wrong is an outcome.
 */
export async function findCapacity(
  scenario: Scenario,
  spec: CapacitySpec,
  options: CapacityOptions,
): Promise<CapacityRecord> {
  createCapacityFolder(options.folder, options.force);
  const keeper = spec.target === 'kept' ? await keepTarget(scenario, options) : freshTargets(scenario);
  try {
    return await new CapacitySearch(keeper, spec, options).carryOut();
  } finally {
    await keeper.stop();
  }
}

/** What came of a try: a verdict, or why the search cannot go on. */
type Attempt = JudgedTry & { readonly result: RunResult | null };
type Left = { readonly outcome: 'interrupted' | 'target-broken'; readonly note: string };

class CapacitySearch {
  private readonly startedAt = wallClockLabel();
  private readonly startUs = nowUs();
  private readonly tries: JudgedTry[] = [];
  private readonly notes: string[] = [];
  /** Runs of one connection each that a kept target was asked with. */
  private probes = 0;

  constructor(
    private readonly keeper: Keeper,
    private readonly spec: CapacitySpec,
    private readonly options: CapacityOptions,
  ) {}

  async carryOut(): Promise<CapacityRecord> {
    for (;;) {
      const step = nextStep(this.spec, this.tries);
      if (step.kind === 'done') {
        if (!step.isNarrow) {
          this.notes.push(
            'Levels passed in one try and not in the next: the bracket is wider than was asked for.',
          );
        }
        return this.keep(step.outcome);
      }
      if (await this.isInterruptedMeanwhile()) return this.keep('interrupted');
      const attempt = await this.tryLevel(step.load);
      if ('outcome' in attempt) return this.leave(attempt);
      this.tries.push(attempt);
      this.keep('interrupted');
      this.options.onTry(step.load, attempt.record, attempt.result);
      const left = attempt.verdict === 'pass' ? null : await this.recover(step.load);
      if (left !== null) return this.leave(left);
    }
  }

  /** Between two tries the target and the machine come to rest. */
  private async isInterruptedMeanwhile(): Promise<boolean> {
    const { interrupt } = this.options;
    const waitMs = this.tries.at(-1)?.record.result == null ? 0 : this.spec.coolDownUs / 1000;
    await sleep(waitMs, undefined, { signal: interrupt }).catch(() => {});
    return interrupt.aborted;
  }

  private async tryLevel(load: number): Promise<Attempt | Left> {
    const order = this.tries.length + 1;
    const folder = tryFolder(order, this.spec.vary, load);
    const level = scenarioAt(this.keeper.scenario, this.spec.vary, load, this.spec);
    try {
      const result = await this.run(level, folder, decidedBy(level));
      if (result.events.some(({ kind }) => kind === 'interrupted')) {
        return { outcome: 'interrupted', note: `The try in ${folder} was interrupted, and is not counted.` };
      }
      return { ...this.judged(result, level, load, order, folder), result };
    } catch (error) {
      const isFirst = this.tries.length === 0;
      if (error instanceof PreflightError && !isFirst) {
        return { ...this.notCarried(load, order, folder, error.message.split('\n')), result: null };
      }
      if (error instanceof InterruptedError && !isFirst)
        return { outcome: 'interrupted', note: error.message };
      if (error instanceof TargetError && !isFirst) return { outcome: 'target-broken', note: error.message };
      throw error;
    }
  }

  private run(level: Scenario, folder: string, decided: ReturnType<typeof decidedBy>): Promise<RunResult> {
    const { options, keeper } = this;
    return runScenario(level, {
      ...options,
      folder: join(options.folder, folder),
      decided: (accumulator) =>
        keeper.death === null ? decided(accumulator) : `the target ${keeper.death.how}`,
    });
  }

  private judged(result: RunResult, level: Scenario, load: number, order: number, folder: string): JudgedTry {
    const { verdict, failed, limits } = judgeRun(result, level.thresholds);
    const { death } = this.keeper;
    const isPassed = verdict === 'pass' && death === null;
    return {
      load,
      verdict: verdict === 'pass' && !isPassed ? 'fail' : verdict,
      record: {
        order,
        folder,
        passed: isPassed,
        validity: result.run.validity,
        failedThresholds: failed,
        stoppedEarly: result.events.some(({ kind }) => kind === 'decided'),
        limits: death === null ? limits : withDeath(limits, death, result),
        result: figuresOf(result, this.spec.vary, level),
      },
    };
  }

  /** This machine cannot carry the level: an upper end of the search that says nothing about the server. */
  private notCarried(load: number, order: number, folder: string, reasons: readonly string[]): JudgedTry {
    return {
      load,
      verdict: 'invalid',
      record: {
        order,
        folder,
        passed: false,
        validity: null,
        failedThresholds: [],
        stoppedEarly: false,
        limits: [{ code: 'generator', atMs: null, reasons }],
        result: null,
      },
    };
  }

  /** Null when the search may go on. */
  private async recover(load: number): Promise<Left | null> {
    const done = await this.keeper.recover(() => this.letsIn());
    if (done === null) return null;
    const note = `After ${load}, the target had not recovered: ${done.note}.`;
    if (done.isBroken) return { outcome: 'target-broken', note };
    this.notes.push(note);
    return null;
  }

  /** One connection of each population, recorded like any other run. */
  private async letsIn(): Promise<boolean> {
    const { scenario } = this.keeper;
    const probe: Scenario = {
      ...scenario,
      populations: scenario.populations.map(alone),
      timeline: [
        { kind: 'ramp', name: 'ramp', toShare: 1, steps: 1, settleUs: 0 },
        { kind: 'drain', name: 'drain', forUs: 0 },
      ],
      thresholds: [],
    };
    try {
      const result = await this.run(probe, `probe-${String(++this.probes).padStart(2, '0')}`, () => null);
      return result.connections.neverOpened === 0;
    } catch (error) {
      if (error instanceof TargetError || error instanceof InterruptedError) return false;
      throw error;
    }
  }

  private leave({ outcome, note }: Left): CapacityRecord {
    this.notes.push(note);
    return this.keep(outcome);
  }

  /** On disk, so that a kill of wsherd loses no try that is over. */
  private keep(outcome: CapacityOutcome): CapacityRecord {
    const { scenario } = this.keeper;
    const record = capacityRecord({
      scenario,
      spec: this.spec,
      startedAt: this.startedAt,
      durationMs: Math.round((nowUs() - this.startUs) / 1000),
      command: redactor(scenario.secrets)(this.options.command),
      tries: this.tries,
      bracket: bracketSoFar(this.spec, this.tries),
      outcome,
      sizeFor: this.options.sizeFor,
      notes: this.notes,
    });
    writeWhole(join(this.options.folder, CAPACITY_FILE), `${JSON.stringify(record)}\n`);
    return record;
  }
}

function alone(population: Scenario['populations'][number]): Scenario['populations'][number] {
  return { ...population, connections: 1, arrive: { kind: 'at-once' } };
}

/** The run met a target that runs, and saw no more than connections that broke. */
function withDeath(limits: readonly Limit[], { how, atUs }: Death, { run }: RunResult): Limit[] {
  const agoMs = Math.round((nowUs() - atUs) / 1000);
  const died = { code: 'target-died', atMs: Math.max(0, run.durationMs - agoMs), how } as const;
  const ours = limits.filter(({ code }) => code === 'generator');
  return [...ours, died, ...limits.filter(({ code }) => code !== 'generator')];
}
