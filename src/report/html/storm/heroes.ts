import type { Recovery } from '../../../result/recovery.js';
import type { RunResult } from '../../../result/types.js';
import { type KnownLimit, limitOn, readGoal, readLimit } from '../../limits.js';
import { count, duration, durationQuantity, factor } from '../../numbers.js';
import { binsOf, rates, states } from '../bins.js';
import { type Hero, SPARK_POINTS } from '../hero.js';
import { sparkline } from '../svg.js';

/** The numbers of the storm that a run is judged by, in the place of those of a quiet run. */
export function stormHeroes(result: RunResult, storm: Recovery): Hero[] {
  return [recovered(result, storm), openAgain(result, storm), attempts(result, storm), peak(result, storm)];
}

function recovered(result: RunResult, { t50Ms, t99Ms, t100Ms }: Recovery): Hero {
  const half = t50Ms === null ? 'not even half' : `half ${duration(t50Ms * 1000)}`;
  const all = t100Ms === null ? '' : `, all ${duration(t100Ms * 1000)}`;
  return {
    label: '99 % back after',
    quantity: t99Ms === null ? null : durationQuantity(t99Ms * 1000),
    unknown: 'not reached',
    note: half + all,
    limit: limitOn(result, 'recovery.t99', null) ?? goalOn(result),
    bad: t99Ms === null,
    spark: null,
  };
}

/** What the recover phase asked for, when it asked for 99 %. */
function goalOn({ thresholds }: RunResult): KnownLimit | null {
  const verdict = thresholds.find(({ expression }) => readGoal(expression)?.share === 0.99);
  const limit = verdict === undefined ? null : readLimit(verdict.expression);
  return verdict === undefined || limit === null ? null : { limit, verdict };
}

function openAgain({ series }: RunResult, { dropped, recovered: back, gaveUp }: Recovery): Hero {
  const resigned = gaveUp === 0 ? '' : `, ${count(gaveUp)} gave up`;
  return {
    label: 'Open again',
    quantity: { digits: count(back), unit: '' },
    unknown: '',
    note: `of ${count(dropped)} lost${resigned}`,
    limit: null,
    bad: back < dropped * 0.99,
    spark: sparkline(states(series.open, binsOf(series, SPARK_POINTS)), 'server'),
  };
}

function attempts(result: RunResult, { amplification, attempts: all }: Recovery): Hero {
  const { series } = result;
  return {
    label: 'Attempts for each',
    quantity: amplification === null ? null : { digits: factor(amplification), unit: '' },
    unknown: 'not known',
    note: `${count(all)} in all`,
    limit: limitOn(result, 'recovery.amplification', null),
    bad: false,
    spark: sparkline(rates(series.attempts, binsOf(series, SPARK_POINTS), series.intervalMs), 'server'),
  };
}

function peak(result: RunResult, { peakAttemptsPerSecond, herdFactor }: Recovery): Hero {
  return {
    label: 'Worst second',
    quantity: {
      digits: count(peakAttemptsPerSecond),
      unit: peakAttemptsPerSecond === 1 ? 'attempt' : 'attempts',
    },
    unknown: '',
    note: herdFactor === null ? '' : `herd factor ${factor(herdFactor)}`,
    limit: limitOn(result, 'recovery.herdFactor', null),
    bad: false,
    spark: null,
  };
}
