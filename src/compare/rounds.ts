import { join } from 'node:path';
import { nowUs, wallClockLabel } from '../clock.js';
import { ExitCode, InterruptedError, TargetError, UserError } from '../errors.js';
import { redactor } from '../redact.js';
import type {
  CalibrationRecord,
  ComparedMetric,
  ComparisonRecord,
  RoundsSpent,
  Side,
} from '../result/comparison.js';
import { exitCodeOf } from '../result/exitCode.js';
import {
  CALIBRATION_FILE,
  COMPARISON_FILE,
  createComparisonFolder,
  RESULT_FILE,
  roundFolder,
  writeWhole,
} from '../result/files.js';
import type { RunResult } from '../result/types.js';
import { type RunOptions, runScenario } from '../run/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { median } from '../stats/median.js';
import { calibrationOf } from './calibration.js';
import { type Comparing, compareRuns, type GivenSide } from './compare.js';
import { Looks } from './looks.js';
import { isUseless, keyOfScenario, type MeasuredRun, measureRun, type UselessRun } from './measuredRun.js';
import { LEAST_RUNS } from './question.js';

export interface RoundsOptions extends Omit<RunOptions, 'decided'> {
  readonly kind: 'ab' | 'calibrate';
  /** A round is one run of each side; so many in which both can be used. */
  readonly rounds: number;
  /** No round begins that would end later than this; null for as long as it takes. */
  readonly withinUs: number | null;
  /** Share of the baseline that a metric may change by. */
  readonly tolerance: number;
  readonly calibration: CalibrationRecord | null;
  readonly seed: number;
  /** Called when a run's record is on disk. */
  readonly onRun: (side: Side, round: number, folder: string, result: RunResult) => void;
  /** After each round from the sixth on. */
  readonly onLook: (record: ComparisonRecord) => void;
}

type EndedBecause = RoundsSpent['endedBecause'];

/** Rounds that are run at the most, for each that was asked for. */
const MOST_ROUNDS_EACH = 2;

/**
 * Runs both sides in turn, in the order ABBA, each against a fresh target and in a folder of its own, until all rounds are
 * done, the answer is clear or the time is up. A calibration goes on to the end. `comparison.json`, and `calibration.json` of a
 * calibration, are on disk after every round. Throws `UserError` when the first round of a side cannot begin; from then on what
 * goes wrong is part of the record.
 */
export function runRounds(
  sides: Readonly<Record<Side, Scenario>>,
  options: RoundsOptions,
): Promise<ComparisonRecord> {
  createComparisonFolder(options.folder, options.force);
  return new Rounds(sides, options).carryOut();
}

class Rounds {
  private readonly startedAt = wallClockLabel();
  private readonly startUs = nowUs();
  private readonly looks: Looks;
  private readonly runs: Record<Side, MeasuredRun[]> = { baseline: [], candidate: [] };
  private readonly useless: Record<Side, UselessRun[]> = { baseline: [], candidate: [] };
  private readonly roundsMs: number[] = [];
  private readonly overheadsMs: number[] = [];
  private readonly notes: string[] = [];
  /** Runs of each side at the look before. */
  private lookedAt = 0;

  constructor(
    private readonly sides: Readonly<Record<Side, Scenario>>,
    private readonly options: RoundsOptions,
  ) {
    this.looks = new Looks(options.rounds);
  }

  async carryOut(): Promise<ComparisonRecord> {
    for (let round = 1; isWanted(round, this.options.rounds, this.pairs); round++) {
      const ended = this.isTimeUp() ? 'time-up' : await this.carryOutRound(round);
      if (ended !== null) return this.keep(ended, this.looks.last());
      if (!this.hasRuns()) continue;
      // What is on disk meanwhile is what is left of a comparison whose process is killed.
      if (!this.isToBeLookedAt()) this.keep('interrupted', this.looks.last());
      else if (isClear(this.look().metrics)) return this.keep('clear', this.looks.latest);
    }
    return this.keep('all-done', this.looks.last());
  }

  /** Usable runs of each side. */
  private get pairs(): number {
    return Math.min(this.runs.baseline.length, this.runs.candidate.length);
  }

  /** Each number of runs is looked at once, and all of them together at the end. */
  private isToBeLookedAt(): boolean {
    const { kind, rounds } = this.options;
    const isNew = this.pairs > this.lookedAt && this.pairs >= LEAST_RUNS && this.pairs < rounds;
    return kind === 'ab' && isNew;
  }

  private hasRuns(): boolean {
    return this.runs.baseline.length + this.runs.candidate.length > 0;
  }

  private look(): ComparisonRecord {
    this.lookedAt = this.pairs;
    const record = this.keep('interrupted', this.looks.next());
    this.options.onLook(record);
    return record;
  }

  private isTimeUp(): boolean {
    const { withinUs } = this.options;
    if (withinUs === null || this.roundsMs.length === 0) return false;
    return nowUs() - this.startUs + 1000 * median(this.roundsMs) > withinUs;
  }

  /** Null when the next may follow. */
  private async carryOutRound(round: number): Promise<EndedBecause | null> {
    const fromUs = nowUs();
    let runsMs = 0;
    for (const side of orderOf(round, this.options.seed)) {
      if (this.options.interrupt.aborted) return 'interrupted';
      const done = await this.run(side, round);
      if (typeof done === 'string') return done;
      runsMs += done.run.durationMs;
    }
    const tookMs = (nowUs() - fromUs) / 1000;
    this.roundsMs.push(tookMs);
    this.overheadsMs.push(tookMs - runsMs);
    return null;
  }

  private async run(side: Side, round: number): Promise<RunResult | EndedBecause> {
    const { options } = this;
    const folder = join(options.folder, roundFolder(round, side));
    try {
      const result = await runScenario(this.sides[side], { ...options, folder });
      options.onRun(side, round, folder, result);
      if (result.events.some(({ kind }) => kind === 'interrupted')) return 'interrupted';
      const measured = measureRun(result, join(roundFolder(round, side), RESULT_FILE));
      if (!isUseless(measured)) this.runs[side].push({ ...measured, round });
      else this.useless[side].push(measured);
      // It ended by itself, or let nobody in: more rounds would tell no more.
      return exitCodeOf(result, true) === ExitCode.target ? this.failed(side, round, measured) : result;
    } catch (error) {
      if (error instanceof InterruptedError && round > 1) return 'interrupted';
      if (!(error instanceof TargetError)) throw error;
      const message = `The ${side} did not start in round ${round}. ${error.message}`;
      if (round === 1) throw new TargetError(message);
      this.notes.push(message);
      return 'target-failed';
    }
  }

  private failed(side: Side, round: number, run: MeasuredRun | UselessRun): EndedBecause {
    const why = isUseless(run) ? ` ${run.reason}` : '';
    this.notes.push(`The ${side} failed in round ${round}, and the comparison ended there.${why}`);
    return 'target-failed';
  }

  /** Throws `UserError` when not one run can be used. */
  private keep(endedBecause: EndedBecause, level: number): ComparisonRecord {
    const { options, sides } = this;
    if (!this.hasRuns()) throw this.nothingToKeep(endedBecause);
    const redact = redactor([...sides.baseline.secrets, ...sides.candidate.secrets]);
    const { kind, tolerance, calibration, seed } = options;
    const comparing: Comparing = {
      ...{ kind, tolerance, calibration, seed, level },
      startedAt: this.startedAt,
      durationMs: Math.round((nowUs() - this.startUs) / 1000),
      command: redact(options.command),
      allowOtherMachines: false,
      notes: [...this.notes.map(redact), ...this.tooShort(endedBecause)],
      rounds: {
        planned: options.rounds,
        done: this.roundsMs.length,
        endedBecause,
        overheadMs: this.overheadsMs.length === 0 ? 0 : Math.round(median(this.overheadsMs)),
      },
    };
    const record = kind === 'calibrate' ? this.calibrated(comparing) : this.compared(comparing);
    this.write(COMPARISON_FILE, record);
    return record;
  }

  private tooShort(endedBecause: EndedBecause): string[] {
    if (endedBecause !== 'time-up' || this.pairs >= LEAST_RUNS) return [];
    const minutes = Math.ceil((LEAST_RUNS * median(this.roundsMs)) / 60_000);
    return [
      `The time was up after ${this.roundsMs.length} of the ${LEAST_RUNS} rounds that it takes at least: allow --within ${minutes}m.`,
    ];
  }

  private write(file: string, record: CalibrationRecord | ComparisonRecord | null): void {
    if (record !== null) writeWhole(join(this.options.folder, file), `${JSON.stringify(record)}\n`);
  }

  private compared(comparing: Comparing): ComparisonRecord {
    return compareRuns(this.side('baseline'), this.side('candidate'), comparing);
  }

  /** Writes down what it has found out of noise, and is judged by it. */
  private calibrated(comparing: Comparing): ComparisonRecord {
    const calibration = calibrationOf(this.compared(comparing), keyOfScenario(this.sides.baseline));
    this.write(CALIBRATION_FILE, calibration);
    return this.compared({ ...comparing, calibration });
  }

  private nothingToKeep(endedBecause: EndedBecause): UserError {
    const useless = [...this.useless.baseline, ...this.useless.candidate];
    const reasons = [...this.notes, ...useless.map(({ reason }) => reason)].slice(0, 3);
    const code = {
      interrupted: ExitCode.interrupted,
      'target-failed': ExitCode.target,
      'time-up': ExitCode.invalidRun,
      'all-done': ExitCode.invalidRun,
      clear: ExitCode.internal,
    } as const satisfies Record<EndedBecause, ExitCode>;
    return new UserError(['No run can be used.', ...reasons].join(' '), code[endedBecause]);
  }

  private side(side: Side): GivenSide {
    return { name: null, runs: this.runs[side], useless: this.useless[side] };
  }
}

/**
 * Whether one more round is to be run: those with a run that cannot be used are made up for, but not without end, nor
 * where none could be used.
 * @param pairs Usable runs of each side so far.
 */
export function isWanted(round: number, rounds: number, pairs: number): boolean {
  if (round <= rounds) return true;
  return pairs > 0 && pairs < rounds && round <= MOST_ROUNDS_EACH * rounds;
}

/** ABBA: what drifts through a round meets both sides alike over two of them. The seed says who begins. */
export function orderOf(round: number, seed: number): readonly [Side, Side] {
  return (round + seed) % 2 === 0 ? ['baseline', 'candidate'] : ['candidate', 'baseline'];
}

/**
 * Whether more rounds would tell no more: every metric that counts is decided; or one is worse, and no other has changed by what
 * matters in too few runs to say so, since that may be the one that the change is about.
 */
export function isClear(
  metrics: ReadonlyArray<Pick<ComparedMetric, 'gated' | 'verdict' | 'because'>>,
): boolean {
  const gated = metrics.filter((metric) => metric.gated);
  const open = gated.filter(({ verdict }) => verdict === 'inconclusive');
  const isWorse = gated.some(({ verdict }) => verdict === 'worse');
  return gated.length > 0 && open.every(({ because }) => isWorse && because !== 'not-significant');
}
