import { checkBroadcast } from './broadcastRules.js';
import { checkClaims, resolveClaims } from './claimsSchema.js';
import { checkFaults, checkRecoveries } from './faultRules.js';
import { type Path, shown } from './problem.js';
import { resolveCapacity } from './resolveCapacity.js';
import { defaultDialect, resolveDialect } from './resolveDialect.js';
import { resolvePopulation } from './resolvePopulation.js';
import { checkInstances, isSecure, resolveBeside, resolveTarget } from './resolveTarget.js';
import { canReturn, resolveThresholds, scopeOf } from './resolveThresholds.js';
import { resolveTimeline, withDrain } from './resolveTimeline.js';
import type { Scenario } from './scenario.js';
import { scenarioSchema } from './schema.js';
import type { Surroundings } from './surroundings.js';
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
  const spoken = sound.dialect ?? (sound.target ? defaultDialect(sound.target) : null);
  const target = sound.target ? resolveTarget(sound.target, around) : null;
  const dialect = spoken === null || broken.has('dialect') ? null : resolveDialect(spoken, around);
  const { connect } = sound;
  const documents = sound.populations ?? {};
  const isBroadcast = Object.values(documents).some(({ publish }) => publish !== undefined);
  if (sound.target) checkInstances(sound.target, isBroadcast, around.report);
  const common = connect && { connect, dialect, secure: target && isSecure(target), isBroadcast };
  const populations = Object.entries(documents).flatMap(([population, settings]) =>
    common ? [resolvePopulation(population, settings, common, around)] : [],
  );
  if (common && !broken.has('populations')) checkBroadcast(documents, populations, around.report);
  const timeline = sound.timeline && withDrain(sound.timeline);
  const connections = broken.has('populations') ? null : sum(Object.values(documents));
  const phases = timeline && resolveTimeline(timeline, connections, around);
  const scope = phases && !broken.has('populations') ? scopeOf(checked, phases) : null;
  if (phases) checkRecoveries(phases, scope && canReturn(scope), around.report);
  if (phases && sound.target) checkFaults(phases, sound.target, around.report);
  const beside = resolveBeside(sound.beside, around);
  if (phases && sound.claims) checkClaims(phases, around.report);
  const thresholds = scope ? resolveThresholds(sound.thresholds ?? [], scope, around.report) : [];
  const capacity =
    sound.capacity && sound.target && phases && scope
      ? resolveCapacity(
          sound.capacity,
          { target: sound.target, populations, phases, thresholds },
          around.report,
        )
      : null;
  return {
    document: inOrder({ ...sound, name, dialect: spoken, timeline }),
    scenario:
      target && phases && broken.size === 0
        ? {
            name,
            seed: sound.seed ?? 1,
            target,
            proxied: sound.target?.through === 'proxy',
            beside,
            populations,
            timeline: phases,
            thresholds,
            capacity,
            ...(sound.claims === undefined ? {} : { claims: resolveClaims(sound.claims) }),
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

/** Substitutions in a place that is not a template would be sent as they are written. */
export function refuseStraySubstitutions(document: unknown, around: Surroundings, path: Path = []): void {
  if (typeof document === 'string') {
    if (document.includes('${') && !isTemplate(path)) {
      around.report(
        path,
        `${shown(document)}: nothing is filled in here, only in paths, headers, subprotocols, url, command, run and a JSON dialect`,
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
    /^(target\.(url|path|metrics|metrics\.url|command\.\d+)|dialect\.json\..+|beside\.http|timeline\.\d+\.fault\.run\.\d+|(populations\.[^.]+\.)?connect\.(path|headers\..*|subprotocols\.\d+))$/;
  return pattern.test(path.join('.'));
}
