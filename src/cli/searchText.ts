import { scenarioAt } from '../capacity/level.js';
import { levelsNeeded } from '../capacity/search.js';
import { plannedCurve } from '../plan/curve.js';
import { planRun, type Staff } from '../plan/plan.js';
import { preflight } from '../plan/preflight.js';
import { loadWords } from '../report/capacityWords.js';
import { count, counted, duration, share } from '../report/numbers.js';
import type { Machine } from '../result/types.js';
import type { CapacitySpec } from '../scenario/capacitySpec.js';
import type { Scenario } from '../scenario/scenario.js';

export interface DescribedSearch {
  readonly lines: readonly string[];
  /** Why not even the first level can be carried. */
  readonly problems: readonly string[];
}

/** What `check` shows of a search: its range, how long it may take, and whether this machine carries both ends. */
export function describeSearch(
  scenario: Scenario,
  spec: CapacitySpec,
  machine: Machine,
  staff: Staff,
): DescribedSearch {
  const { vary, from, to, precision, tries, needed, target, coolDownUs } = spec;
  const [first, last] = [from, to].map((load) => scenarioAt(scenario, vary, load, spec));
  const problemsAt = (level: Scenario): string[] => preflight(level, planRun(level, machine, staff), machine);
  const [shortestUs, longestUs] = [first!, last!]
    .map((level) => plannedCurve(level).durationUs)
    .sort((a, b) => a - b);
  const far = problemsAt(last!);
  return {
    lines: [
      'Search',
      `  range        from ${loadWords(from, vary)} to ${count(to)}, to within ${share(precision)}`,
      `  tries        at most ${counted(levelsNeeded(spec), 'level')}, once each; the two ends pass with ${count(needed)} of at most ${count(tries)}`,
      `  time         from ${duration(shortestUs!)} to ${duration(longestUs!)} each, then ${duration(coolDownUs)} of rest`,
      `  target       ${target === 'fresh' ? 'a fresh one for each try' : 'the same one for all tries'}`,
      ...(far.length === 0
        ? []
        : [`  reach        this machine cannot carry ${loadWords(to, vary)}: ${far[0]}`]),
    ],
    problems: problemsAt(first!),
  };
}
