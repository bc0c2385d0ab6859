import { derived, knownAtEnd, type MetricName, ofNoPopulation } from '../metrics/catalogue.js';

/** What a threshold may be about. */
export interface Scope {
  /** By population, what it does: its patterns, and `reconnect`. */
  readonly populations: ReadonlyMap<string, readonly string[]>;
  readonly phases: readonly string[];
  /** The timeline has a fault. */
  readonly hasFault: boolean;
  /** There are HTTP requests beside the run. */
  readonly hasBeside: boolean;
}

type Alternatives = ReadonlyArray<readonly string[]>;

const PUBLISHERS: Alternatives = [['publish']];

/** What measures a metric, or all others of its group: a population that does what one of these lists names. */
const MEASURED_BY: ReadonlyMap<string, Alternatives> = new Map<string, Alternatives>([
  ['heartbeat', [['heartbeat']]],
  ['echo', [['echo']]],
  ['reconnect', [['reconnect']]],
  ['collateral', [['heartbeat'], ['echo']]],
  ['broadcast.sendLag', PUBLISHERS],
  ['broadcast.planned', PUBLISHERS],
  ['broadcast.published', PUBLISHERS],
  ['broadcast.skipped', PUBLISHERS],
  ['broadcast.unsentWhileDisconnected', PUBLISHERS],
  ['acknowledge', [['publish', 'acknowledge']]],
  ['acknowledge.receipts', [['acknowledge']]],
  ['reading', [['read']]],
]);

/** Why a metric, of one population or of all, would have no value at the end of any run; null when it has. */
export function whyNotMeasured(population: string | null, name: string, scope: Scope): string | null {
  if (population !== null) {
    const whose = whoseElse(name);
    if (whose !== null) return `${whose}: leave the population out`;
  }
  const reason = whatIsMissing(groupOf(name), scope) ?? whoIsMissing(population, name, scope);
  return reason === null ? null : `${name} is not measured: ${reason}`;
}

/** Why a metric is not known of a single phase, or null when it is. */
export function whyNotByPhase(name: string): string | null {
  const isDerived = Object.hasOwn(derived, name) && name !== 'closes.abnormal';
  return isDerived || isOneOf(knownAtEnd, name) ? `${name} is known for the whole run only` : null;
}

/** What a metric is about that belongs to no population, or null. */
function whoseElse(name: string): string | null {
  if (groupOf(name) === 'memory') return 'memory is measured of the whole target';
  if (groupOf(name) === 'http') return 'HTTP beside the run belongs to no population';
  if (isOneOf(ofNoPopulation, name)) return `${name} is of messages, whose members may be in any population`;
  return null;
}

function whatIsMissing(group: string, scope: Scope): string | null {
  switch (group) {
    case 'http':
      return scope.hasBeside ? null : 'write beside, such as beside: { http: /healthz }';
    case 'recovery':
    case 'collateral':
      return scope.hasFault ? null : 'the timeline has no fault';
    case 'broadcast': {
      const publishes = [...scope.populations.values()].some((doing) => doing.includes('publish'));
      return publishes ? null : 'no population has publish';
    }
    default:
      return null;
  }
}

function whoIsMissing(population: string | null, name: string, scope: Scope): string | null {
  const measuring = measuredBy(name);
  if (measuring === null) return null;
  const isMeasured = [...scope.populations].some(
    ([known, doing]) =>
      (population === null || population === known) &&
      measuring.some((needed) => needed.every((what) => doing.includes(what))),
  );
  if (isMeasured) return null;
  const who = population === null ? 'no population has' : `the population ${population} does not have`;
  return `${who} ${measuring.map((needed) => needed.join(' and ')).join(' or ')}`;
}

function measuredBy(name: string): Alternatives | null {
  return MEASURED_BY.get(name) ?? MEASURED_BY.get(groupOf(name)) ?? null;
}

function groupOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

function isOneOf(names: readonly MetricName[], name: string): boolean {
  return names.some((known) => known === name);
}
