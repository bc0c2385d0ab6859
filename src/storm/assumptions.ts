import type { Scenario } from '../scenario/scenario.js';
import type { ForecastAssumptions } from './forecast.js';
import type { GeneratorRate } from './storm.js';

/** Of one worker: while its attempts open, from `npm run bench -- open`, and while they are refused, from `storm`. */
const ATTEMPTS_PER_WORKER = 10_000;
const REFUSED_PER_WORKER = 23_000;

const ACCEPT_PER_SECOND = 2000;
/** What a reference server takes, and what is given to others. */
const START_UP_US = { server: 150_000, command: 500_000, url: 500_000 } as const;
/** On the loopback interface; elsewhere it is the round trip. */
const REFUSAL_US = 300;

/** What Node asks of the kernel where nothing else is said. */
const BACKLOG = 511;
/** `net.core.somaxconn` of Linux from 5.4 on, which cuts every backlog. */
const SOMAXCONN = 4096;

/** What is taken for given where nobody knows better: every client has a machine of its own. */
export function assumptionsFor(
  { target }: Pick<Scenario, 'target'>,
  known: Partial<ForecastAssumptions> = {},
): ForecastAssumptions {
  const asked = target.kind === 'server' ? target.options.backlog : undefined;
  const backlog = typeof asked === 'number' ? asked : BACKLOG;
  return {
    acceptPerSecond: ACCEPT_PER_SECOND,
    acceptSource: 'assumed',
    // The kernel turns away when more than the backlog are waiting, not when as many are.
    acceptQueue: Math.min(backlog, SOMAXCONN) + 1,
    attemptsPerSecond: null,
    refusedPerSecond: null,
    startUpUs: START_UP_US[target.kind],
    refusalUs: REFUSAL_US,
    ...known,
  };
}

/** What the workers of one machine can attempt per second. */
export function generatorRate(workers: number): GeneratorRate {
  return {
    attemptsPerSecond: workers * ATTEMPTS_PER_WORKER,
    refusedPerSecond: workers * REFUSED_PER_WORKER,
  };
}
