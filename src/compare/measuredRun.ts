import { createHash } from 'node:crypto';
import { encodeHistogram } from '../metrics/histogram.js';
import type { Machine, RunResult, Validity } from '../result/types.js';
import type { Scenario } from '../scenario/scenario.js';
import { latenciesOf, valuesOf } from './measures.js';

/** What of a run is compared, and kept in a baseline: its values, its latencies as histograms, and where it was measured. */
export interface MeasuredRun {
  /** The file of its record. */
  readonly path: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly target: string;
  /** The version of wsherd that measured it. */
  readonly version: string;
  readonly machine: Machine;
  readonly scenario: { readonly name: string; readonly file: string | null };
  /** The scenario in its own words, without its target and what only names it: what has to be the same on both sides. */
  readonly asked: unknown;
  /** By name of the measure. */
  readonly values: Readonly<Record<string, number>>;
  /** The generator was the limit, as the scenario allows. */
  readonly saturated: boolean;
  /** By name of the latency: HDR histograms, V2, compressed, base64. */
  readonly latencies: Readonly<Record<string, string>>;
  /** From 1, for what ran in rounds. */
  readonly round?: number;
}

/** A run that says nothing, and why. */
export interface UselessRun {
  readonly path: string;
  readonly validity: Validity['status'];
  readonly reason: string;
}

/** Takes from a record what is compared. Pure. */
export function measureRun(result: RunResult, path: string): MeasuredRun | UselessRun {
  const reason = uselessBecause(result);
  if (reason !== null) return { path, validity: result.run.validity.status, reason };
  const latencies = latenciesOf(result);
  return {
    path,
    startedAt: result.run.startedAt,
    durationMs: result.run.durationMs,
    target: targetWords(result),
    version: result.tool.version,
    machine: result.environment.machines[0]!,
    scenario: { name: result.scenario.name, file: result.scenario.file },
    asked: askedOf(result.scenario.resolved),
    values: valuesOf(result, latencies),
    saturated: result.run.validity.status === 'generator-limited',
    latencies: Object.fromEntries([...latencies].map(([name, samples]) => [name, encodeHistogram(samples)])),
  };
}

/** A command as it was given, which each run fills in another port; else what the record calls it. */
function targetWords({ scenario: { resolved }, target }: RunResult): string {
  if (target.kind !== 'command' || !isTree(resolved) || !isTree(resolved.target)) return target.name;
  const { command } = resolved.target;
  if (!Array.isArray(command)) return target.name;
  const [shell, option, line] = command.map(String);
  return shell === '/bin/sh' && option === '-c' && line !== undefined ? line : command.join(' ');
}

export function isUseless(run: MeasuredRun | UselessRun): run is UselessRun {
  return 'reason' in run;
}

/** Null when something can be made of it. A threshold that failed makes no run useless. */
function uselessBecause({ run, events, connections, environment, scenario }: RunResult): string | null {
  const ended = events.find(({ kind }) => kind === 'target-exit');
  if (ended !== undefined) return `The target ended before the run did: ${ended.detail}`;
  const isAccepted = run.validity.status === 'generator-limited' && allowsSaturated(scenario.resolved);
  if (run.validity.status !== 'valid' && !isAccepted) {
    return run.validity.reasons[0] ?? `The run is not valid (${run.validity.status}).`;
  }
  if (!run.complete) return 'The run was left before its end.';
  if (connections.opened === 0) return 'No connection opened.';
  return environment.machines.length === 0 ? 'The record does not say where it was measured.' : null;
}

/** The scenario says that the generator may be the limit: what is compared is both then, on both sides alike. */
function allowsSaturated(resolved: unknown): boolean {
  return isTree(resolved) && isTree(resolved.generator) && resolved.generator.allowSaturated === true;
}

/** Parts of a scenario that two sides may differ in. */
const OWN = ['name', 'target', 'capacity', 'matrix', 'thresholds', 'claims'];

function askedOf(resolved: unknown): unknown {
  if (!isTree(resolved)) return resolved;
  return Object.fromEntries(Object.entries(resolved).filter(([key]) => !OWN.includes(key)));
}

/** The key of what every run of a scenario asks. */
export function keyOfScenario({ document }: Pick<Scenario, 'document'>): string {
  return keyOf(askedOf(document));
}

/** A short name for what a scenario asks: equal for equal questions. */
export function keyOf(asked: unknown): string {
  return createHash('sha256').update(canonical(asked)).digest('hex').slice(0, 16);
}

/** JSON with its keys in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing';
  const entries = Object.entries(value).filter(([, own]) => own !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, own]) => `${JSON.stringify(key)}:${canonical(own)}`).join()}}`;
}

/** Paths at which two scenarios differ, such as `populations.clients.connections`; at most `most`. */
export function differences(a: unknown, b: unknown, most: number): string[] {
  const found: string[] = [];
  const walk = (one: unknown, other: unknown, path: string): void => {
    if (found.length >= most || canonical(one) === canonical(other)) return;
    if (isTree(one) && isTree(other) && Array.isArray(one) === Array.isArray(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        walk(one[key], other[key], path === '' ? key : `${path}.${key}`);
      }
    } else found.push(path);
  };
  walk(a, b, '');
  return found;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
