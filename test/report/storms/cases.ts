/** Every storm that a report must be able to show. */
import type { RunResult } from '../../../src/result/types.js';
import { type FaultShape, KILL } from './episodes.js';
import { hostileStorm } from './hostile.js';
import { once } from './once.js';
import { stormRun } from './run.js';

const [KILLED] = KILL.faults as readonly [FaultShape];

export const killed = once<RunResult>(() => {
  const run = stormRun(KILL);
  const counts = { opened: 2000, closed: 2000, closesByCode: {}, refused: {}, messagesIn: 20_410 };
  const rest = { messagesOut: 20_398, pingsIn: 0, pingsOut: 0, pongsIn: 0, pongsOut: 0 };
  const [first, second, ...others] = run.target.books;
  if (first === undefined || second === undefined) throw new Error('the run has no books');
  return {
    ...run,
    target: {
      ...run.target,
      instances: [
        { counts: { ...counts, ...rest }, killed: true },
        { counts: { ...counts, ...rest, closed: 1998 }, killed: false },
      ],
      books: [first, { ...second, server: second.ours - 12, inFlight: 12 }, ...others],
    },
  };
});

/** Everybody comes again every five seconds, all at the same time. */
export const lockstep = once<RunResult>(() => {
  return stormRun({
    ...KILL,
    populations: { clients: { connections: 2000, policy: 'fixed' } },
    attempts: null,
    acceptPerSecond: 250,
    gapSeconds: 40,
  });
});

export const partial = once<RunResult>(() => {
  return stormRun({ ...KILL, faults: [{ kind: 'disconnect', share: 0.3, downMs: 0 }], gapSeconds: 15 });
});

export const halfOpen = once<RunResult>(() => {
  const noticedMs = (rng: () => number) => 1000 + rng() * 1950;
  const noticedByTarget = Array.from({ length: 240 }, (_, i) => 10_000 + i * 41);
  const run = stormRun({
    ...KILL,
    populations: { clients: { connections: 800, policy: 'full-jitter' } },
    faults: [{ kind: 'blackhole', share: 0.5, downMs: 4000, noticedMs, noticedByTarget }],
    isPredicted: false,
  });
  return {
    ...run,
    target: {
      ...run.target,
      kind: 'url',
      books: [],
      proxy: {
        accepted: 1460,
        opened: 1200,
        refused: { '503': 12 },
        cutOff: 248,
        failedLocally: 0,
        dropped: 0,
        upstreamUnreachable: 0,
        blackholed: 400,
        noticedByTargetUs: noticedByTarget.map((ms) => ms * 1000),
      },
    },
  };
});

/** The server stays too slow: in the time given not everybody gets in. */
export const notRecovered = once<RunResult>(() => {
  const run = stormRun({
    ...KILL,
    populations: { clients: { connections: 2000, policy: 'socket.io' } },
    attempts: null,
    acceptPerSecond: 62,
    gapSeconds: 30,
    withinSeconds: 30,
  });
  const end = run.phases.findLast(({ kind }) => kind === 'recover')?.endMs ?? 0;
  return {
    ...run,
    events: [
      ...run.events,
      { atMs: end, kind: 'not-recovered', detail: 'not everybody was back within 30 s' },
    ],
  };
});

export const gaveUp = once<RunResult>(() => {
  return stormRun({ ...KILL, attempts: 3, gapSeconds: 15, withinSeconds: 10 });
});

export const twoFaults = once<RunResult>(() => {
  return stormRun({
    ...KILL,
    faults: [
      KILLED,
      { kind: 'disconnect', share: 0.3, downMs: 0 },
      { kind: 'latency', share: 0, downMs: 5000 },
    ],
    gapSeconds: 18,
  });
});

export const mixedPolicies = once<RunResult>(() => {
  return stormRun({
    ...KILL,
    populations: {
      browsers: { connections: 1200, policy: 'socket.io' },
      gateways: { connections: 500, policy: 'fixed' },
      phones: { connections: 300, policy: 'full-jitter' },
    },
  });
});

export const oneLost = once<RunResult>(() => {
  return stormRun({ ...KILL, populations: { clients: { connections: 1, policy: 'full-jitter' } } });
});

export const noneLost = once<RunResult>(() => {
  return stormRun({ ...KILL, faults: [{ kind: 'latency', share: 0, downMs: 5000 }], gapSeconds: 10 });
});

/** Three hours, with a fault whose stragglers try on to the end. */
export const longStorm = once<RunResult>(() => {
  return stormRun({
    ...KILL,
    populations: { clients: { connections: 1500, policy: 'full-jitter' } },
    attempts: null,
    acceptPerSecond: 4,
    gapSeconds: 3 * 3600,
    withinSeconds: 3600,
  });
});

export const storms = {
  killed,
  lockstep,
  partial,
  halfOpen,
  notRecovered,
  gaveUp,
  twoFaults,
  mixedPolicies,
  oneLost,
  noneLost,
  longStorm,
  hostileStorm,
} as const satisfies Record<string, () => RunResult>;
