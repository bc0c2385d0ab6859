import { type Path, shown } from './problem.js';
import { defaultDialect, resolveDialect } from './resolveDialect.js';
import { resolvePopulation } from './resolvePopulation.js';
import { isSecure, resolveTarget } from './resolveTarget.js';
import { resolveTimeline, withDrain } from './resolveTimeline.js';
import type { Scenario, Threshold } from './scenario.js';
import { scenarioSchema } from './schema.js';
import type { Surroundings } from './surroundings.js';
import { parseThreshold, type Scope } from './thresholds.js';
import type { CheckedDocument } from './validate.js';

/** A scenario but for what is known of its file. */
type ResolvedScenario = Omit<Scenario, 'file' | 'text' | 'document' | 'secrets'>;

export interface Resolution {
  /** The document with the defaults that depend on other keys filled in too, in the file's words. */
  readonly document: unknown;
  /** Null when there were problems. */
  readonly scenario: ResolvedScenario | null;
}

/**
 * Stage two: base units, names, and what does not go together. Sections that stage one refused are skipped,
 * and so is every check that would need them.
 */
export function resolve(checked: CheckedDocument, defaultName: string, around: Surroundings): Resolution {
  const { sound, broken } = checked;
  const name = sound.name ?? defaultName;
  const dialectName = sound.dialect ?? (sound.target ? defaultDialect(sound.target) : null);
  const target = sound.target ? resolveTarget(sound.target, around) : null;
  const dialect =
    dialectName === null || broken.has('dialect') ? null : resolveDialect(dialectName, around.report);
  const { connect } = sound;
  const common = connect && { connect, dialect, secure: target && isSecure(target) };
  const populations = Object.entries(sound.populations ?? {}).flatMap(([population, settings]) =>
    common ? [resolvePopulation(population, settings, common, around)] : [],
  );
  const timeline = sound.timeline && withDrain(sound.timeline);
  const connections = broken.has('populations') ? null : sum(Object.values(sound.populations ?? {}));
  const phases = timeline && resolveTimeline(timeline, connections, around.report);
  const thresholds =
    phases && !broken.has('populations')
      ? resolveThresholds(sound.thresholds ?? [], scopeOf(sound.populations ?? {}, phases), around)
      : [];
  return {
    document: inOrder({ ...sound, name, dialect: dialectName, timeline }),
    scenario:
      target && phases && broken.size === 0
        ? {
            name,
            seed: sound.seed ?? 1,
            target,
            populations,
            timeline: phases,
            thresholds,
            allowSaturated: sound.generator?.allowSaturated ?? false,
          }
        : null,
  };
}

/** Keys in the order in which the format describes them. */
function inOrder(document: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(scenarioSchema.shape).map((key) => [key, document[key]]));
}

function sum(populations: ReadonlyArray<{ readonly connections: number }>): number {
  return populations.reduce((total, { connections }) => total + connections, 0);
}

function scopeOf(
  populations: NonNullable<CheckedDocument['sound']['populations']>,
  phases: ReadonlyArray<{ readonly name: string }>,
): Scope {
  const patternsOf = Object.entries(populations).map(
    ([name, { heartbeat, echo }]): [string, readonly string[]] => [
      name,
      [...(heartbeat ? ['heartbeat'] : []), ...(echo ? ['echo'] : [])],
    ],
  );
  return { populations: new Map(patternsOf), phases: phases.map((phase) => phase.name) };
}

function resolveThresholds(expressions: readonly string[], scope: Scope, around: Surroundings): Threshold[] {
  const firstAt = new Map<string, number>();
  return expressions.flatMap((expression, i) => {
    const path: Path = ['thresholds', i];
    const parsed = parseThreshold(expression, scope);
    if ('problem' in parsed) {
      around.report(path, parsed.problem);
      return [];
    }
    const identity = JSON.stringify({ ...parsed.threshold, expression: '' });
    const first = firstAt.get(identity);
    if (first !== undefined)
      around.report(path, `says the same as thresholds.${first}: take one of them out`);
    else firstAt.set(identity, i);
    return [parsed.threshold];
  });
}

/** Substitutions in a place that is not a template would be sent as they are written. */
export function refuseStraySubstitutions(document: unknown, around: Surroundings, path: Path = []): void {
  if (typeof document === 'string') {
    if (document.includes('${') && !isTemplate(path)) {
      around.report(
        path,
        `${shown(document)}: nothing is filled in here, only in paths, headers, subprotocols, url and command`,
      );
    }
  } else if (Array.isArray(document)) {
    document.forEach((item, i) => {
      refuseStraySubstitutions(item, around, [...path, i]);
    });
  } else if (typeof document === 'object' && document !== null) {
    for (const [key, value] of Object.entries(document))
      refuseStraySubstitutions(value, around, [...path, key]);
  }
}

function isTemplate(path: Path): boolean {
  const pattern =
    /^(target\.(url|path|command\.\d+)|(populations\.[^.]+\.)?connect\.(path|headers\..*|subprotocols\.\d+))$/;
  return pattern.test(path.join('.'));
}
