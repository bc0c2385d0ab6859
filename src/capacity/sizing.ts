import type { CapacityLevel, Resource, Sizing, Vary } from '../result/capacity.js';
import { forecastOf, type ResourceLines } from './forecasts.js';
import { lineOf, meanOf, pointOf } from './resourceModels.js';
import { resourceNotes } from './sizingNotes.js';
import { type SoundTry, soundTries } from './soundTries.js';
import { throughputOf } from './throughputModel.js';

export interface SizingInput {
  readonly vary: Vary;
  readonly levels: readonly CapacityLevel[];
  /** Each try had a target of its own. */
  readonly freshTarget: boolean;
  /** For which to say what they would need; above 0, in the unit of `vary`. */
  readonly loads: readonly number[];
}

/**
 * The next size up: what the levels of a search say about other loads. Tries of which the generator was the limit never
 * count. What the server needs comes from tries that passed, since one that is overrun needs whatever it can get;
 * throughput from those that failed too. Null when nothing passed. Pure.
 */
export function sizingOf({ vary, levels, freshTarget, loads }: SizingInput): Sizing | null {
  const sound = soundTries(levels);
  const passed = sound.filter((one) => one.passed);
  if (passed.length === 0) return null;
  const most = Math.max(...passed.map(({ load }) => load));
  const lines = linesOf(vary, passed);
  const means = (['connect-cpu', 'message-cpu'] as const).flatMap(
    (resource) => meanOf(resource, pointsOf(resource, vary, passed)) ?? [],
  );
  const throughput = throughputOf(vary, sound);
  return {
    vary,
    tested: { least: Math.min(...passed.map(({ load }) => load)), most },
    resources: [...Object.values(lines).flatMap((line) => line?.model ?? []), ...means],
    throughput: throughput.model,
    forecasts: loads.map((load) => forecastOf(lines, load, most)),
    notes: [...resourceNotes({ vary, passed, lines, means, freshTarget }), ...throughput.notes],
  };
}

function linesOf(vary: Vary, passed: readonly SoundTry[]): ResourceLines {
  return {
    memory: lineOf('memory', pointsOf('memory', vary, passed)),
    'kernel-memory': lineOf('kernel-memory', pointsOf('kernel-memory', vary, passed)),
    cores: lineOf('cores', pointsOf('cores', vary, passed)),
  };
}

function pointsOf(resource: Resource, vary: Vary, tries: readonly SoundTry[]) {
  return tries.flatMap((one) => pointOf(resource, vary, one));
}
