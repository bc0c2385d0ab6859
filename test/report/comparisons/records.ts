/** Every comparison that its page and texts must be able to show. */
import type { ComparisonRecord } from '../../../src/result/comparison.js';
import { HOSTILE } from '../hostile.js';
import { once } from '../storms/once.js';
import { changed, comparisonOf, GATEWAY, MACHINE, type Server } from './sides.js';

const NEXT = 'node server-1.5.js --port 8080';

function worse(): ComparisonRecord {
  const candidate = changed(GATEWAY, NEXT, {
    'memory.perConnection': 1.68,
    'heartbeat.response': 1.03,
    'target.cpuPerConnect': 0.86,
  });
  return comparisonOf(GATEWAY, candidate, { runs: 12 });
}

function manyWorse(): ComparisonRecord {
  const candidate = changed(GATEWAY, NEXT, {
    'memory.perConnection': 1.3,
    'heartbeat.response': 1.4,
    'handshake.total': 4.2,
    'target.cpuPerMessage': 1.24,
  });
  return comparisonOf(GATEWAY, candidate, { runs: 12 });
}

function same(): ComparisonRecord {
  const calm: Server = { ...GATEWAY, scatter: 0.012 };
  return comparisonOf(calm, changed(calm, NEXT, { 'handshake.total': 1.01 }), { runs: 12 });
}

function better(): ComparisonRecord {
  const calm: Server = { ...GATEWAY, scatter: 0.008 };
  const candidate = changed(calm, NEXT, { 'target.cpuPerMessage': 0.62, 'heartbeat.response': 0.81 });
  return comparisonOf(calm, candidate, {
    runs: 8,
    rounds: { planned: 20, done: 8, endedBecause: 'clear', overheadMs: 4100 },
  });
}

/** Runs that scatter so much that nothing can be said. */
function inconclusive(): ComparisonRecord {
  const noisy: Server = { ...GATEWAY, scatter: 0.16 };
  return comparisonOf(noisy, changed(noisy, NEXT, { 'handshake.total': 1.2 }), {
    runs: 8,
    rounds: { planned: 30, done: 8, endedBecause: 'time-up', overheadMs: 5200 },
    notes: ['The time was up after 8 of 30 rounds.'],
  });
}

function withUnusedRuns(): ComparisonRecord {
  return comparisonOf(GATEWAY, changed(GATEWAY, NEXT, {}), {
    kind: 'compare',
    runs: 9,
    name: 'main',
    useless: [
      {
        path: 'reports/candidate-3/result.json',
        validity: 'generator-limited',
        reason: 'A worker of the generator was 94 % busy in 11 of 30 seconds.',
      },
      {
        path: 'reports/candidate-7/result.json',
        validity: 'partial',
        reason: 'The target ended before the run did: it exited with signal SIGSEGV.',
      },
    ],
  });
}

function otherMachines(): ComparisonRecord {
  const machine = { ...MACHINE, cpus: { model: 'Intel Xeon Platinum 8481C', count: 4 } };
  return comparisonOf(GATEWAY, changed(GATEWAY, NEXT, { 'target.cpuPerMessage': 0.7 }, { machine }), {
    kind: 'compare',
    runs: 8,
  });
}

/** The candidate loses what the baseline never lost. */
function zeroBaselines(): ComparisonRecord {
  const losing: Server = {
    ...GATEWAY,
    values: { ...GATEWAY.values, 'connections.neverOpened': 0.0124, 'closes.abnormal': 0.0003 },
  };
  return comparisonOf(GATEWAY, { ...losing, target: NEXT }, { runs: 10 });
}

function tooFewRuns(): ComparisonRecord {
  return comparisonOf(GATEWAY, changed(GATEWAY, NEXT, { 'memory.perConnection': 1.5 }), { runs: 3 });
}

function nothingGated(): ComparisonRecord {
  const bare: Server = { ...GATEWAY, latencies: {}, values: {} };
  return comparisonOf(bare, { ...bare, target: NEXT }, { runs: 6 });
}

function interruptedRounds(): ComparisonRecord {
  return comparisonOf(GATEWAY, changed(GATEWAY, NEXT, { 'memory.perConnection': 1.2 }), {
    runs: 7,
    rounds: { planned: 20, done: 7, endedBecause: 'interrupted', overheadMs: 5200 },
    notes: ['It was interrupted after 7 of 20 rounds.'],
  });
}

/** As many metrics as a scenario can have. */
function manyMetrics(): ComparisonRecord {
  const busy: Server = {
    ...GATEWAY,
    latencies: {
      ...GATEWAY.latencies,
      'echo.response': 700,
      'broadcast.delivery': 3100,
      'broadcast.last': 8200,
      'acknowledge.response': 990,
    },
    values: {
      ...GATEWAY.values,
      'echo.unanswered': 0,
      'broadcast.lost': 0.002,
      'broadcast.duplicated': 0,
      'recovery.t99': 11_800_000,
      'recovery.amplification': 2.31,
    },
  };
  const candidate = changed(busy, NEXT, { 'broadcast.last': 1.31, 'recovery.t99': 0.7 });
  return comparisonOf(busy, candidate, { runs: 12 });
}

function calibrated(): ComparisonRecord {
  const calm: Server = { ...GATEWAY, scatter: 0.012 };
  const record = comparisonOf(calm, calm, { kind: 'calibrate', runs: 12 });
  return { ...record, notes: ['Kept in .wsherd/calibrations/gateway.json.'] };
}

/** What may come in 1 of 100 calibrations. */
function falseAlarm(): ComparisonRecord {
  const unlucky = changed(GATEWAY, GATEWAY.target, { 'target.cpuPerMessage': 1.12 });
  return comparisonOf(GATEWAY, unlucky, { kind: 'calibrate', runs: 12 });
}

function shortCalibration(): ComparisonRecord {
  return comparisonOf(GATEWAY, GATEWAY, { kind: 'calibrate', runs: 3 });
}

/** Whatever may come from outside is hostile. */
function hostileComparison(): ComparisonRecord {
  const record = withUnusedRuns();
  const side = { ...record.baseline, targets: [HOSTILE, HOSTILE], name: HOSTILE };
  const machines = record.baseline.machines.map((machine) => ({
    ...machine,
    os: HOSTILE,
    node: HOSTILE,
    cpus: { model: HOSTILE, count: 2 },
  }));
  return {
    ...record,
    command: HOSTILE,
    scenario: { name: HOSTILE, file: HOSTILE },
    baseline: { ...side, machines },
    candidate: { ...side, machines },
    verdict: 'worse',
    metrics: record.metrics.map((metric, i) =>
      i < 2 ? { ...metric, name: `${HOSTILE} ${i}`, verdict: 'worse' } : metric,
    ),
    runs: record.runs.map((run, i) => ({
      ...run,
      path: i === 0 ? `../${HOSTILE}/result.json` : HOSTILE,
      target: HOSTILE,
      startedAt: HOSTILE,
      round: i < 3 ? 1 : null,
    })),
    unused: record.unused.map((run) => ({ ...run, path: HOSTILE, reason: HOSTILE })),
    curves: record.curves.map((curve) => ({ ...curve, name: HOSTILE })),
    method: { ...record.method, calibration: HOSTILE },
    notes: [HOSTILE, ...record.notes],
  };
}

export const comparisons = {
  worse: once(worse),
  manyWorse: once(manyWorse),
  same: once(same),
  better: once(better),
  inconclusive: once(inconclusive),
  withUnusedRuns: once(withUnusedRuns),
  otherMachines: once(otherMachines),
  zeroBaselines: once(zeroBaselines),
  tooFewRuns: once(tooFewRuns),
  nothingGated: once(nothingGated),
  interruptedRounds: once(interruptedRounds),
  manyMetrics: once(manyMetrics),
  calibrated: once(calibrated),
  falseAlarm: once(falseAlarm),
  shortCalibration: once(shortCalibration),
  hostileComparison: once(hostileComparison),
} as const;
