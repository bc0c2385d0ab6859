/** Levels of searches with figures of the test's own choice, for what is made from them. */
import type {
  CapacityFigures,
  CapacityLevel,
  CapacityTry,
  TargetFigures,
} from '../../src/result/capacity.js';

export interface Figured {
  readonly load: number;
  readonly passed?: boolean;
  readonly validity?: 'valid' | 'generator-limited' | 'partial';
  readonly stoppedEarly?: boolean;
  readonly planned?: number;
  readonly open?: number;
  readonly achieved?: number | null;
  readonly opensPerSecond?: number;
  readonly kernelBytes?: number;
  readonly target?: Partial<TargetFigures>;
}

/** A level with one try. */
export function levelAt(given: Figured): CapacityLevel {
  const passed = given.passed ?? true;
  return { load: given.load, verdict: passed ? 'pass' : 'fail', tries: [tryAt(given)] };
}

export function tryAt(given: Figured): CapacityTry {
  return {
    order: 1,
    folder: `try-${given.load}`,
    passed: given.passed ?? true,
    validity: { status: given.validity ?? 'valid', reasons: [], fromMs: null },
    failedThresholds: [],
    stoppedEarly: given.stoppedEarly ?? false,
    limits: [],
    result: figuresOf(given),
  };
}

function figuresOf(given: Figured): CapacityFigures {
  const { load, planned = load, open = planned, achieved = open } = given;
  return {
    durationMs: 20_000,
    connections: {
      planned,
      attempted: planned,
      opened: open,
      failed: planned - open,
      peakOpen: open,
      dropped: 0,
      reconnected: 0,
      gaveUp: 0,
      neverOpened: planned - open,
      openAtEnd: open,
    },
    achieved,
    latencies: {},
    messagesSentPerSecond: 0,
    messagesReceivedPerSecond: 0,
    opensPerSecond: given.opensPerSecond ?? 1000,
    target: {
      processes: 1,
      rssBytes: null,
      pssBytes: null,
      cores: null,
      hottestThreadPercent: null,
      descriptors: null,
      cpuPerConnectUs: null,
      cpuPerMessageUs: null,
      memoryPerConnectionBytes: null,
      ...given.target,
    },
    ...(given.kernelBytes === undefined ? {} : { kernelBytes: given.kernelBytes }),
    generator: { eventLoopUtilization: 0.2, sendLagP99Us: 300 },
  };
}
