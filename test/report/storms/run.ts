/** A whole record of a run with faults: as in a real one, what phases have counted adds up to the totals. */
import type { Recovery } from '../../../src/result/recovery.js';
import type {
  CloseCount,
  FailureCount,
  RunEvent,
  RunResult,
  ThresholdVerdict,
} from '../../../src/result/types.js';
import { closed } from '../endings.js';
import { goodRun } from '../fixture.js';
import { random, seriesOf } from '../samples.js';
import {
  type Episode,
  episodesOf,
  FIRST_FAULT_SECONDS,
  lostOf,
  recordedAs,
  type StormShape,
  samples,
} from './episodes.js';
import { binned, type Herd } from './herd.js';
import { phasesOf, totalOf } from './phases.js';

const BIN_MS = 100;
const LIMIT_US = 20_000_000;

export function stormRun(shape: StormShape): RunResult {
  const names = Object.keys(shape.populations);
  const connections = Object.values(shape.populations).reduce((sum, own) => sum + own.connections, 0);
  const seconds = FIRST_FAULT_SECONDS + shape.faults.length * shape.gapSeconds + 3;
  const run = goodRun({ connections, seconds, heartbeatEverySeconds: 2 });
  const episodes = episodesOf(shape);
  const phases = phasesOf(episodes, names, random(11));
  const recoveries = episodes.map((episode) => recordedAs(episode, null));
  const counts = countsOf(run, episodes, recoveries);
  return {
    ...run,
    scenario: { ...run.scenario, name: 'storm', file: 'scenarios/storm.yaml', resolved: resolvedOf(shape) },
    connections: counts,
    metrics: { ...run.metrics, ...totalOf(phases) },
    populations: Object.fromEntries(
      names.map((name) => [
        name,
        {
          connections: { ...counts, planned: shape.populations[name]?.connections ?? 0 },
          metrics: {},
          recoveries: episodes.map((episode) => recordedAs(episode, name)),
        },
      ]),
    ),
    phases,
    series: seriesOfStorm(run, episodes, connections),
    attempts: attemptBins(episodes, seconds * (1000 / BIN_MS)),
    recoveries,
    closes: [...episodes.flatMap(lossesOf), ...run.closes],
    failures: failuresOf(episodes),
    target: {
      ...run.target,
      memoryPerConnection: null,
      memoryUnknownBecause: 'A slope needs a ramp with steps.',
    },
    events: [
      ...phases.map(({ name, startMs }) => ({ atMs: startMs, kind: 'phase', detail: name })),
      ...episodes.flatMap(eventsOf),
    ],
    thresholds: thresholdsOf(shape, recoveries),
  };
}

/** Times of the run at which something happened to the herds. */
function timesOf(episodes: readonly Episode[], pick: (herd: Herd) => readonly number[]): number[] {
  return episodes.flatMap(({ atMs, herds }) =>
    herds.flatMap(({ herd }) => pick(herd).map((ms) => atMs + ms)),
  );
}

function countsOf(run: RunResult, episodes: readonly Episode[], recoveries: readonly Recovery[]) {
  const { planned } = run.connections;
  const sum = (pick: (recovery: Recovery) => number) =>
    recoveries.reduce((total, one) => total + pick(one), 0);
  const back = sum(({ recovered }) => recovered);
  const failed = timesOf(episodes, ({ failures }) => failures.map(({ atMs }) => atMs)).length;
  return {
    ...run.connections,
    attempted: planned + sum(({ attempts }) => attempts),
    opened: planned + back,
    failed,
    dropped: sum(({ dropped }) => dropped),
    reconnected: back,
    gaveUp: sum(({ gaveUp }) => gaveUp),
    openAtEnd: planned - sum(({ dropped }) => dropped) + back,
  };
}

function seriesOfStorm(
  run: RunResult,
  episodes: readonly Episode[],
  connections: number,
): RunResult['series'] {
  const rng = random(5);
  const { open: planned } = run.series;
  const back = binned(
    timesOf(episodes, ({ backMs }) => backMs),
    1000,
    planned.length,
  );
  const lost = binned(
    timesOf(episodes, ({ noticedMs }) => noticedMs),
    1000,
    planned.length,
  );
  let away = 0;
  const open = planned.map((n, i) => {
    away += (lost[i] ?? 0) - (back[i] ?? 0);
    return Math.max(0, n - (n === 0 ? 0 : away));
  });
  const isIn = (episode: Episode, i: number) => i * 1000 >= episode.atMs && i * 1000 < episode.afterFromMs;
  const storm = (i: number) => episodes.find((episode) => isIn(episode, i));
  const stays = episodes.some(({ stayedUs }) => stayedUs !== null);
  const stayed = open.map((_, i) =>
    samples(storm(i)?.stayedUs?.during ?? 1400, stays ? Math.round(connections / 20) : 0, rng),
  );
  return {
    ...run.series,
    open,
    closes: lost,
    attempts: binned(
      timesOf(episodes, ({ attemptsMs }) => attemptsMs),
      1000,
      planned.length,
    ),
    histograms: {
      ...run.series.histograms,
      'http.response': seriesOf(open.map((_, i) => samples(storm(i) === undefined ? 500 : 2600, 80, rng))),
      ...(stays ? { 'collateral.response': seriesOf(stayed) } : {}),
    },
  };
}

function attemptBins(episodes: readonly Episode[], bins: number): RunResult['attempts'] {
  const of = (pick: (herd: Herd) => readonly number[]) => binned(timesOf(episodes, pick), BIN_MS, bins);
  return {
    binMs: BIN_MS,
    attempts: of(({ attemptsMs }) => attemptsMs),
    opens: of(({ backMs }) => backMs),
    failures: Object.fromEntries(
      causesOf(episodes).map((cause) => [cause, of((herd) => failedBy(herd, cause))]),
    ),
    predicted: [],
  };
}

function causesOf(episodes: readonly Episode[]): string[] {
  const herds = episodes.flatMap((episode) => episode.herds);
  return [...new Set(herds.flatMap(({ herd }) => herd.failures.map(({ cause }) => cause)))];
}

function failedBy({ failures }: Herd, cause: string): number[] {
  return failures.filter((one) => one.cause === cause).map(({ atMs }) => atMs);
}

function failuresOf(episodes: readonly Episode[]): FailureCount[] {
  return causesOf(episodes).map((key) => {
    const [stage, cause = ''] = key.split(':');
    const count = timesOf(episodes, (herd) => failedBy(herd, key)).length;
    const own = { phase: 'fault', population: 'clients', cause, count, example: '' };
    return { ...own, stage: stage === 'tcp' ? 'tcp' : 'upgrade' };
  });
}

function lossesOf({ fault, suffix, herds }: Episode): CloseCount[] {
  const byTarget = { initiator: 'server', code: null, cause: 'target-exit' } as const;
  const byUs = { initiator: 'client', code: null, cause: 'heartbeat-timeout' } as const;
  const byServer = { initiator: 'server', code: 1012, cause: 'close-frame' } as const;
  const ends = { 'kill-target': byTarget, blackhole: byUs }[fault.kind] ?? byServer;
  return herds.flatMap(({ population, dropped }) =>
    dropped === 0 ? [] : [closed({ phase: `fault${suffix}`, population, ...ends, count: dropped })],
  );
}

function eventsOf({ fault, atMs, herds }: Episode): RunEvent[] {
  const done = { atMs: atMs + 3, kind: 'fault', detail: `${fault.kind}: ${lostOf(herds)} connections` };
  if (fault.kind !== 'kill-target' && fault.kind !== 'restart-target') return [done];
  return [
    done,
    { atMs: atMs + 4, kind: 'target-down', detail: 'the target is down' },
    { atMs: atMs + fault.downMs, kind: 'target-up', detail: 'the target accepts connections again' },
  ];
}

function thresholdsOf(
  { withinSeconds, faults }: StormShape,
  recoveries: readonly Recovery[],
): ThresholdVerdict[] {
  const lossy = recoveries.filter(({ dropped }) => dropped > 0);
  const t99 = lossy.map(({ t99Ms }) => (t99Ms === null ? null : t99Ms * 1000));
  const observed = t99.length === 0 || t99.includes(null) ? null : Math.max(...t99.map((us) => us ?? 0));
  const passed = observed !== null && observed < LIMIT_US;
  return [
    ...(lossy.length === 0 ? [] : [{ expression: 'recovery.t99 < 20s', observed, unit: 'us', passed }]),
    ...recoveries.map(({ t99Ms, dropped }, i) => {
      const reached = dropped === 0 ? 0 : t99Ms === null ? null : t99Ms * 1000;
      const phase = faults.length > 1 ? ` during recover${i === 0 ? '' : `-${i + 1}`}` : '';
      return {
        expression: `recover until 99% within ${withinSeconds}s${phase}`,
        observed: reached,
        unit: 'us',
        passed: reached !== null && reached <= withinSeconds * 1e6,
      };
    }),
    { expression: 'connections.neverOpened == 0', observed: 0, unit: 'count', passed: true },
  ];
}

function resolvedOf({ populations, attempts }: StormShape): unknown {
  return {
    populations: Object.fromEntries(
      Object.entries(populations).map(([name, { connections, policy }]) => [
        name,
        {
          connections,
          heartbeat: { by: 'ping', every: '2s', timeout: '1s' },
          reconnect: { policy, attempts },
        },
      ]),
    ),
  };
}
