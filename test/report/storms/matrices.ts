/** Every matrix that a page must be able to show. */
import { type MatrixRecord, matrixRecord } from '../../../src/result/matrix.js';
import type { RunResult } from '../../../src/result/types.js';
import { HOSTILE } from '../hostile.js';
import { generatorLimited } from '../trouble.js';
import { partial, twoFaults } from './cases.js';
import { KILL, type StormShape } from './episodes.js';
import { once } from './once.js';
import { stormRun } from './run.js';

const SETTING = 'populations.clients.reconnect.policy';

type Run = Parameters<typeof matrixRecord>[0]['runs'][number];

function matrixOf(runs: readonly Run[]): MatrixRecord {
  return matrixRecord({
    tool: { name: 'wsherd', version: '0.1.0' },
    scenario: { name: 'storm-policies', file: 'scenarios/storm-policies.yaml' },
    startedAt: '2026-03-02T10:15:00.000Z',
    command: 'wsherd run scenarios/storm-policies.yaml --out reports/storm-policies',
    runs,
  });
}

function runOf(label: string, result: RunResult | null, exitCode = 0): Run {
  return { label, folder: label, settings: { [SETTING]: label }, exitCode, result };
}

function killWith(
  policy: StormShape['populations'][string]['policy'],
  more: Partial<StormShape> = {},
): RunResult {
  return stormRun({
    ...KILL,
    populations: { clients: { connections: 2000, policy } },
    gapSeconds: 30,
    ...more,
  });
}

export const fourPolicies = once<MatrixRecord>(() => {
  return matrixOf([
    runOf('fixed', killWith('fixed', { attempts: null })),
    runOf('socket.io', killWith('socket.io', { attempts: null })),
    runOf('full-jitter', killWith('full-jitter', { attempts: null })),
    runOf('exponential', killWith('exponential', { attempts: null }), 99),
  ]);
});

/** One that the generator could not keep up with, one that did not recover, one that never ran. */
export const troubled = once<MatrixRecord>(() => {
  const limited = { ...killWith('fixed'), run: generatorLimited().run };
  return matrixOf([
    runOf('fixed', limited, 4),
    runOf('socket.io', killWith('socket.io', { acceptPerSecond: 55, withinSeconds: 20 }), 99),
    runOf('full-jitter', killWith('full-jitter')),
    runOf('immediate', null, 3),
  ]);
});

export const withBystanders = once<MatrixRecord>(() => {
  return matrixOf([runOf('full-jitter', partial()), runOf('several faults', twoFaults())]);
});

/** More variants than there are colours. */
export const tenVariants = once<MatrixRecord>(() => {
  return matrixOf(
    Array.from({ length: 10 }, (_, i) =>
      runOf(`accept ${(i + 1) * 100}/s`, killWith('full-jitter', { acceptPerSecond: (i + 1) * 100 })),
    ),
  );
});

/** A matrix without a fault. */
export const quiet = once<MatrixRecord>(() => {
  const none = { ...KILL, faults: [] };
  return matrixOf([runOf('compression off', stormRun(none)), runOf('compression on', stormRun(none), 99)]);
});

export const oneVariant = once<MatrixRecord>(() => {
  return matrixOf([runOf('full-jitter', killWith('full-jitter'))]);
});

export const hostileMatrix = once<MatrixRecord>(() => {
  const run = fourPolicies();
  return {
    ...run,
    tool: { name: 'wsherd', version: HOSTILE },
    scenario: { name: HOSTILE, file: HOSTILE },
    command: HOSTILE,
    variants: run.variants.map((variant, i) => ({
      ...variant,
      label: `${i}${HOSTILE}`,
      folder: `${HOSTILE}/../${i}`,
      settings: { [HOSTILE]: HOSTILE },
      result: variant.result && {
        ...variant.result,
        target: HOSTILE,
        thresholds: [{ expression: HOSTILE, observed: 1, unit: HOSTILE, passed: false }],
        storms: variant.result.storms.map((storm) => ({
          ...storm,
          recovery: { ...storm.recovery, fault: HOSTILE, phase: HOSTILE },
        })),
      },
    })),
  };
});

export const matrices = {
  fourPolicies,
  troubled,
  withBystanders,
  tenVariants,
  quiet,
  oneVariant,
  hostileMatrix,
} as const satisfies Record<string, () => MatrixRecord>;
