/** Every run that publishes and that a report must be able to show. */
import type { RunResult } from '../../../src/result/types.js';
import { HOSTILE } from '../hostile.js';
import { killed } from '../storms/cases.js';
import { once } from '../storms/once.js';
import { generatorLimited, interrupted as interruptedRun } from '../trouble.js';
import { broadcastRun, withMessages } from './run.js';
import { LOBBY } from './shape.js';

export const lossless = once<RunResult>(() => broadcastRun(LOBBY));

/** A server that loses, doubles, reorders and damages on purpose. */
export const lossy = once<RunResult>(() => {
  const run = broadcastRun({ ...LOBBY, lost: 0.009, duplicated: 0.0012, outOfOrder: 0.0031, foreign: 31 });
  const delivery = {
    published: 500,
    delivered: 992_200,
    lost: 9000,
    droppedSlow: 0,
    duplicated: 1200,
    reordered: 3100,
    truncated: 31,
    corrupted: 31,
    resent: 0,
    rejected: 0,
    repeated: 0,
  };
  const counts = { opened: 2000, closed: 2000, closesByCode: {}, refused: {}, messagesIn: 500 };
  const rest = { messagesOut: 992_200, pingsIn: 0, pingsOut: 0, pongsIn: 0, pongsOut: 0 };
  return { ...run, target: { ...run.target, counts: { ...counts, ...rest, delivery } } };
});

const WITH_SLOW = {
  ...LOBBY,
  populations: {
    everyone: { connections: 980, publishes: true },
    slow: { connections: 20, publishes: false, slow: true },
  },
  perSecond: 40,
  timing: { firstUs: 800, spreadUs: 9500 },
  rssGrowthBytes: 190 * 1024 ** 2,
};

/** Nobody read fast before them: there is nothing to hold it against. */
export const slowReaders = once<RunResult>(() => broadcastRun(WITH_SLOW));

/** A phase before they began to read slowly. */
export const slowLater = once<RunResult>(() => {
  const run = broadcastRun(WITH_SLOW);
  const hold = run.phases.find(({ kind }) => kind === 'hold');
  if (hold === undefined) throw new Error('the run has no hold');
  const middleMs = (hold.startMs + hold.endMs) / 2;
  const quick = Object.fromEntries(
    Object.entries(hold.populations).map(([name, { 'reading.pauses': _pauses, ...metrics }]) => [
      name,
      metrics,
    ]),
  );
  return {
    ...run,
    phases: run.phases.flatMap((phase) =>
      phase === hold
        ? [
            { ...hold, name: 'before', endMs: middleMs, populations: quick },
            { ...hold, name: 'with', startMs: middleMs },
          ]
        : [phase],
    ),
  };
});

/** Publishers that insist and a server that remembers, across a kill. */
export const reliable = once<RunResult>(() => {
  const run = withMessages(killed(), {
    ...LOBBY,
    perSecond: 12,
    acknowledge: { resent: 312, queued: 96, unacknowledged: 0 },
  });
  return { ...run, scenario: { ...run.scenario, name: 'reliable-delivery-storm' } };
});

/** The same, but members got some of it twice. */
export const atLeastOnce = once<RunResult>(() => {
  return withMessages(killed(), {
    ...LOBBY,
    perSecond: 12,
    duplicated: 0.0004,
    acknowledge: { resent: 312, queued: 96, unacknowledged: 3 },
  });
});

/** A plain server across a kill: who was away has missed it. */
export const missedInStorm = once<RunResult>(() => {
  return withMessages(killed(), { ...LOBBY, perSecond: 12, missed: 0.214 });
});

/** Every member talks, in rooms of fifty. */
export const severalRooms = once<RunResult>(() => {
  return broadcastRun({
    ...LOBBY,
    populations: { everyone: { connections: 2000, publishes: true } },
    rooms: 40,
    perSecond: 400,
    timing: { firstUs: 420, spreadUs: 1900 },
    ownCopies: false,
  });
});

/** More pairs than the ledger has memory for. */
export const sampled = once<RunResult>(() => broadcastRun({ ...LOBBY, accounted: 400 }));

/** One message every five seconds. */
export const rare = once<RunResult>(() => broadcastRun({ ...LOBBY, perSecond: 0.2 }));

export const nothingPublished = once<RunResult>(() => broadcastRun({ ...LOBBY, perSecond: 0 }));

export const broadcastLimited = once<RunResult>(() => {
  const { run, series, generator } = generatorLimited();
  const published = broadcastRun({ ...LOBBY, timing: { firstUs: 40_000, spreadUs: 300_000, growth: 4 } }, 48);
  const { eventLoopUtilization } = series;
  return { ...published, run, generator, series: { ...published.series, eventLoopUtilization } };
});

export const broadcastInterrupted = once<RunResult>(() => {
  const { run, events } = interruptedRun();
  return { ...broadcastRun(LOBBY, 20), run, events };
});

/** Names that users and servers chose. */
export const hostileBroadcast = once<RunResult>(() => {
  const run = broadcastRun({
    ...LOBBY,
    populations: {
      [HOSTILE]: { connections: 200, publishes: true },
      other: { connections: 40, publishes: false, slow: true },
    },
    lost: 0.02,
  });
  return {
    ...run,
    failures: [
      {
        phase: 'ramp',
        population: HOSTILE,
        stage: 'dialect',
        cause: 'join-refused',
        count: 3,
        example: HOSTILE,
      },
      { phase: 'ramp', population: 'other', stage: 'dialect', cause: 'not-ready', count: 2, example: '' },
    ],
    thresholds: [
      { expression: `${HOSTILE}/broadcast.lost == 0`, observed: 12, unit: 'count', passed: false },
    ],
  };
});

export const broadcasts = {
  lossless,
  lossy,
  slowReaders,
  slowLater,
  reliable,
  atLeastOnce,
  missedInStorm,
  severalRooms,
  sampled,
  rare,
  nothingPublished,
  broadcastLimited,
  broadcastInterrupted,
  hostileBroadcast,
} as const satisfies Record<string, () => RunResult>;
