import type { CloseDelta, FailureDelta } from '../metrics/snapshot.js';
import type { Accumulator } from '../result/accumulator.js';
import { isAbnormal } from '../result/endings.js';
import type { Scenario, Threshold } from '../scenario/scenario.js';

/** What cannot be undone, and certainly was not the generator's doing, counted so far. */
type Count = (accumulator: Accumulator, threshold: Threshold, scenario: Scenario) => number;

const counts: Readonly<Record<string, Count>> = {
  'connections.failed': (accumulator, { population }) =>
    accumulator.endings.countFailures((failure) => isServers(failure) && isOf(failure, population)),
  'connections.neverOpened': (accumulator, { population }, scenario) => {
    // Whoever tries again may open yet.
    const hopeless = new Set(
      scenario.populations
        .filter(({ reconnect, lifetimeUs }) => reconnect === null && lifetimeUs === null)
        .map(({ name }) => name),
    );
    return accumulator.endings.countFailures(
      (failure) => isServers(failure) && isOf(failure, population) && hopeless.has(failure.population),
    );
  },
  'closes.abnormal': (accumulator, { population }) =>
    accumulator.endings.countCloses((close) => isServersClose(close) && isOf(close, population)),
  'broadcast.duplicated': counter('broadcast.duplicated'),
  'broadcast.outOfOrder': counter('broadcast.outOfOrder'),
  'broadcast.damaged': counter('broadcast.damaged'),
  'dialect.errors': counter('dialect.errors'),
};

const NEVER_OPENED: Threshold = {
  expression: 'connections.neverOpened == 0',
  population: null,
  name: 'connections.neverOpened',
  statistic: null,
  denominator: null,
  operator: '==',
  value: 0,
  unit: 'count',
  phase: null,
};

/**
 * Says, as a clause, which threshold can never hold any more, as soon as one cannot: a number that only grows is
 * above its upper bound. Only what the server certainly did counts; what a slow generator may have caused, such
 * as a handshake that was not answered in time, is waited out. Of single phases nothing is said.
 */
export function decidedBy(scenario: Scenario): (accumulator: Accumulator) => string | null {
  const given = scenario.thresholds;
  const all = given.some(({ name }) => name === NEVER_OPENED.name) ? given : [...given, NEVER_OPENED];
  const watched = all.flatMap((threshold) => {
    const count = counts[threshold.name];
    const isWatched = threshold.denominator === null && threshold.phase === null && isUpper(threshold);
    return count !== undefined && isWatched ? [{ threshold, count }] : [];
  });
  return (accumulator) => {
    for (const { threshold, count } of watched) {
      const so = count(accumulator, threshold, scenario);
      if (isAbove(so, threshold)) return `${threshold.expression} cannot hold any more, it is ${so} already`;
    }
    return null;
  };
}

function counter(name: string): Count {
  return ({ total }, { population }) =>
    (population === null ? total.all : total.population(population)).counter(name);
}

function isUpper({ operator }: Threshold): boolean {
  return operator === '<' || operator === '<=' || operator === '==';
}

function isAbove(value: number, { operator, value: limit }: Threshold): boolean {
  return operator === '<' ? value >= limit : value > limit;
}

/** An answer, which comes from the server whatever the generator is like. */
function isServers({ stage, cause }: FailureDelta): boolean {
  return stage !== 'local' && stage !== 'dns' && stage !== 'dialect' && cause !== 'timeout';
}

function isServersClose(close: CloseDelta): boolean {
  return (
    isAbnormal(close) && (close.initiator === 'server' || close.cause === 'fin' || close.cause === 'reset')
  );
}

function isOf({ population }: { readonly population: string }, wanted: string | null): boolean {
  return wanted === null || population === wanted;
}
