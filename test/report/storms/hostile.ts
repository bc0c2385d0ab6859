import type { RunResult } from '../../../src/result/types.js';
import { HOSTILE } from '../hostile.js';
import { KILL } from './episodes.js';
import { stormRun } from './run.js';

/** A storm in which every string from outside is hostile. */
export function hostileStorm(): RunResult {
  const run = stormRun({
    ...KILL,
    populations: {
      clients: { connections: 300, policy: 'full-jitter' },
      others: { connections: 200, policy: 'fixed' },
    },
  });
  const renamed = run.recoveries.map((recovery) => ({
    ...recovery,
    fault: HOSTILE,
    phase: HOSTILE,
    predicted: recovery.predicted && {
      ...recovery.predicted,
      stopped: HOSTILE,
      assumptions: { ...recovery.predicted.assumptions, acceptSource: HOSTILE },
    },
  }));
  const [clients, others] = Object.values(run.populations);
  const [refused = [], timedOut = []] = Object.values(run.attempts.failures);
  return {
    ...run,
    scenario: {
      ...run.scenario,
      resolved: { populations: { [HOSTILE]: { reconnect: { policy: HOSTILE } }, others: null } },
    },
    populations: {
      ...(clients === undefined ? {} : { [HOSTILE]: clients }),
      ...(others === undefined ? {} : { others }),
    },
    phases: run.phases.map((phase) => ({
      ...phase,
      name: phase.kind === 'fault' ? HOSTILE : `${phase.name}${HOSTILE}`,
    })),
    attempts: {
      ...run.attempts,
      failures: { [HOSTILE]: refused, 'tls:</script>': timedOut, 'http-<b>': refused, ':': refused },
    },
    recoveries: renamed,
    events: [{ atMs: 21_000, kind: 'fault', detail: HOSTILE }],
  };
}
