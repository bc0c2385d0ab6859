import type { RunResult } from '../../src/result/types.js';
import { closed } from './endings.js';
import { thresholdsFailed } from './trouble.js';

export const HOSTILE =
  "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='alert(3) \u001b[31mred\u001b[0m\u2028\u202eevil\r\nnext ${7*7}";

/** 123 bytes, as long as a close reason may be. */
export const LONG_REASON = '<b>'.repeat(41);

/** Whatever may come from outside is hostile. */
export function hostile(): RunResult {
  const run = thresholdsFailed();
  return {
    ...run,
    run: {
      ...run.run,
      id: HOSTILE,
      command: HOSTILE,
      validity: { status: 'valid', reasons: [HOSTILE], fromMs: null },
    },
    scenario: { ...run.scenario, name: HOSTILE, file: HOSTILE, text: HOSTILE.repeat(20) },
    environment: {
      ...run.environment,
      machines: run.environment.machines.map((machine) => ({
        ...machine,
        os: HOSTILE,
        node: HOSTILE,
        cpus: { model: HOSTILE, count: 2 },
      })),
    },
    populations: Object.fromEntries(
      Object.values(run.populations).flatMap((own) => [
        [HOSTILE, own],
        ['other', own],
      ]),
    ),
    metrics: { ...run.metrics, [HOSTILE]: { kind: 'counter', value: 1 } },
    phases: run.phases.map((phase, i) => (i === 1 ? { ...phase, name: HOSTILE } : phase)),
    closes: [
      ...run.closes,
      closed({
        phase: HOSTILE,
        code: 4999,
        cause: 'close-frame',
        initiator: 'server',
        count: 5,
        population: HOSTILE,
        example: HOSTILE,
      }),
      closed({
        phase: 'hold',
        code: 1008,
        cause: 'close-frame',
        initiator: 'server',
        count: 5,
        example: LONG_REASON,
      }),
    ],
    failures: [
      { phase: HOSTILE, population: HOSTILE, stage: 'upgrade', cause: HOSTILE, count: 3, example: HOSTILE },
    ],
    target: {
      ...run.target,
      name: HOSTILE,
      books: [{ what: HOSTILE, server: 1, ours: 2, inFlight: 0, balanced: false }],
      processes: run.target.processes.map((watched) => ({ ...watched, command: HOSTILE })),
      memoryPerConnection: run.target.memoryPerConnection && {
        ...run.target.memoryPerConnection,
        method: HOSTILE,
        notes: [HOSTILE],
        byPhase: [{ phase: HOSTILE, bytes: 1 }],
      },
      claims: (['less', 'not-measured'] as const).map((verdict) => ({
        ...{ what: HOSTILE, is: 'heap', claimed: HOSTILE, lowBytes: 0, highBytes: 0, connections: 1 },
        ...{ measuredBytes: verdict === 'not-measured' ? null : 5, ci95: null, verdict, note: HOSTILE },
      })),
    },
    events: [...run.events, { atMs: 9000, kind: HOSTILE, detail: HOSTILE }],
    warnings: [{ code: HOSTILE, message: HOSTILE, advice: HOSTILE }],
    thresholds: [...run.thresholds, { expression: HOSTILE, observed: 3, unit: HOSTILE, passed: false }],
  };
}
