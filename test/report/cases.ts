/** Every run that a report must be able to show. */
import type { RunResult } from '../../src/result/types.js';
import { broadcasts } from './broadcasts/cases.js';
import { goodRun, QUICKSTART } from './fixture.js';
import { hostile } from './hostile.js';
import { severalPopulations } from './populations.js';
import { storms } from './storms/cases.js';
import {
  allFailed,
  empty,
  generatorLimited,
  interrupted,
  targetDied,
  thresholdsFailed,
  workerDied,
} from './trouble.js';

function threeSeconds(): RunResult {
  return goodRun({ connections: 50, seconds: 3, heartbeatEverySeconds: 1 });
}

export function oneHour(): RunResult {
  return goodRun({ connections: 10_000, seconds: 3600, heartbeatEverySeconds: 25 });
}

function oneConnection(): RunResult {
  return goodRun({ connections: 1, seconds: 12, heartbeatEverySeconds: 1 });
}

export const cases = {
  good: () => goodRun(QUICKSTART),
  threeSeconds,
  oneHour,
  oneConnection,
  allFailed,
  thresholdsFailed,
  generatorLimited,
  targetDied,
  interrupted,
  workerDied,
  severalPopulations,
  hostile,
  empty,
  ...storms,
  ...broadcasts,
} as const satisfies Record<string, () => RunResult>;
