import type {
  CapacityLevel,
  CapacityRecord,
  CapacityTry,
  LevelVerdict,
  LimitedBy,
} from '../result/capacity.js';
import { CAPACITY_SCHEMA_VERSION } from '../result/capacity.js';
import type { CapacitySpec } from '../scenario/capacitySpec.js';
import type { Scenario } from '../scenario/scenario.js';
import { version } from '../version.js';
import { type Bracket, judgeLevel } from './search.js';
import { sizingOf } from './sizing.js';

/** A try and what it was judged to be. */
export interface JudgedTry {
  readonly load: number;
  readonly verdict: LevelVerdict;
  readonly record: CapacityTry;
}

export interface SearchFacts {
  readonly scenario: Pick<Scenario, 'name' | 'file'>;
  readonly spec: CapacitySpec;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  readonly tries: readonly JudgedTry[];
  readonly bracket: Bracket;
  readonly outcome: CapacityRecord['outcome'];
  /** Empty: what passed, twice that, and ten times. */
  readonly sizeFor: readonly number[];
  readonly notes: readonly string[];
}

/** Makes the record of a search, over or not. Pure. */
export function capacityRecord(facts: SearchFacts): CapacityRecord {
  const { scenario, spec, tries, bracket, outcome, notes } = facts;
  const levels = levelsOf(spec, tries);
  return {
    schemaVersion: CAPACITY_SCHEMA_VERSION,
    tool: { name: 'wsherd', version },
    scenario: { name: scenario.name, file: scenario.file },
    startedAt: facts.startedAt,
    durationMs: facts.durationMs,
    command: facts.command,
    vary: spec.vary,
    search: {
      from: spec.from,
      to: spec.to,
      precision: spec.precision,
      tries: spec.tries,
      needed: spec.needed,
      freshTarget: spec.target === 'fresh',
      coolDownMs: Math.round(spec.coolDownUs / 1000),
    },
    levels,
    ...bracket,
    outcome,
    limitedBy: limitedBy(tries, bracket.firstFail),
    sizing: sizingOf({
      vary: spec.vary,
      levels,
      freshTarget: spec.target === 'fresh',
      loads: loadsToSizeFor(facts.sizeFor, bracket.lastPass),
    }),
    notes,
  };
}

function loadsToSizeFor(asked: readonly number[], lastPass: number | null): readonly number[] {
  if (asked.length > 0) return asked;
  return lastPass === null ? [] : [1, 2, 10].map((times) => times * lastPass);
}

function levelsOf(spec: CapacitySpec, tries: readonly JudgedTry[]): CapacityLevel[] {
  const loads = [...new Set(tries.map(({ load }) => load))].sort((a, b) => a - b);
  return loads.map((load) => {
    const own = tries.filter((one) => one.load === load);
    const { verdict } = judgeLevel(
      spec,
      own.map((one) => one.verdict),
    );
    return { load, verdict, tries: own.map(({ record }) => record) };
  });
}

/** Of the tries that did not pass, what most of them ran into first; among equals what the earliest did. */
function limitedBy(tries: readonly JudgedTry[], firstFail: number | null): LimitedBy | null {
  const failing = tries.filter(({ load, verdict }) => load === firstFail && verdict !== 'pass');
  const codes = failing.flatMap(({ record }) => record.limits[0]?.code ?? []);
  const often = (code: string): number => codes.filter((one) => one === code).length;
  const code = codes.reduce<(typeof codes)[number] | null>(
    (most, one) => (most === null || often(one) > often(most) ? one : most),
    null,
  );
  if (code === null) return null;
  const evidence = failing.find(({ record }) => record.limits[0]?.code === code)?.record.limits ?? [];
  return { code, evidence };
}
