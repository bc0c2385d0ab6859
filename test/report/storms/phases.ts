/** What the phases of a run with faults have measured. */
import type { Metrics, PhaseResult } from '../../../src/result/types.js';
import { latencyUs, metricOf, type Random } from '../samples.js';
import { type Episode, FIRST_FAULT_SECONDS, samples } from './episodes.js';

const RAMP_MS = 8000;
const DRAIN_MS = 3000;

export function phasesOf(
  episodes: readonly Episode[],
  populations: readonly string[],
  rng: Random,
): PhaseResult[] {
  const endMs = (episodes.at(-1)?.untilMs ?? FIRST_FAULT_SECONDS * 1000) + DRAIN_MS;
  const firstMs = episodes[0]?.atMs ?? endMs - DRAIN_MS;
  const quiet = (name: string, kind: PhaseResult['kind'], startMs: number, untilMs: number): PhaseResult => ({
    name,
    kind,
    startMs,
    endMs: untilMs,
    metrics: kind === 'hold' ? http(500, 2400, 0, rng) : {},
    populations: {},
  });
  return [
    quiet('ramp', 'ramp', 0, RAMP_MS),
    quiet('before', 'hold', RAMP_MS, firstMs),
    ...episodes.flatMap((episode) => phasesOfEpisode(episode, populations, rng)),
    quiet('drain', 'drain', endMs - DRAIN_MS, endMs),
  ];
}

function phasesOfEpisode(episode: Episode, populations: readonly string[], rng: Random): PhaseResult[] {
  const { atMs, recoverFromMs, afterFromMs, untilMs, suffix, fault } = episode;
  const isDown = fault.kind === 'kill-target' || fault.kind === 'restart-target';
  const bounds = [
    [`fault${suffix}`, 'fault', atMs, recoverFromMs],
    [`recover${suffix}`, 'recover', recoverFromMs, afterFromMs],
    [`after${suffix}`, 'hold', afterFromMs, untilMs],
  ] as const;
  return bounds
    .filter(([, , fromMs, toMs]) => toMs > fromMs)
    .map(([name, kind, fromMs, toMs]) => {
      const part = (population: string | null) =>
        measured(episode, population, fromMs - atMs, toMs - atMs, rng);
      const requests =
        kind === 'fault' && isDown
          ? http(900, 0, 1800, rng)
          : http(kind === 'recover' ? 2600 : 500, 1500, 0, rng);
      return {
        name,
        kind,
        startMs: fromMs,
        endMs: toMs,
        metrics: { ...part(null), ...requests },
        populations: Object.fromEntries(populations.map((population) => [population, part(population)])),
      };
    });
}

/** From and to count from the fault. */
function measured(
  { herds, stayedUs }: Episode,
  population: string | null,
  fromMs: number,
  toMs: number,
  rng: Random,
): Metrics {
  const own = herds
    .filter((herd) => population === null || herd.population === population)
    .map(({ herd }) => herd);
  const inside = (ms: number) => ms >= fromMs && ms < toMs;
  const backMs = own.flatMap((herd) => herd.backMs.filter(inside));
  const attempts = own.flatMap((herd) => herd.attemptsMs.filter(inside)).length;
  const failures = own.flatMap(({ failures: all }) => all.filter(({ atMs }) => inside(atMs))).length;
  return {
    'recovery.time': metricOf(backMs.map((ms) => Math.round(ms * 1000))),
    'recovery.noticed': metricOf(
      own.flatMap((herd) => herd.noticedMs.filter(inside).map((ms) => Math.round(ms * 1000))),
    ),
    'recovery.attempts': {
      ...metricOf(own.flatMap(({ attemptsOfClient }) => attemptsOfClient)),
      unit: 'count',
    },
    'reconnect.response': metricOf(backMs.map(() => latencyUs(9000, rng, 0.9))),
    'handshake.total': metricOf(backMs.map(() => latencyUs(6000, rng, 0.9))),
    'reconnect.sendLag': metricOf(Array.from({ length: attempts }, () => latencyUs(300, rng, 0.8))),
    'reconnect.attempts': counter(attempts),
    'reconnect.opens': counter(backMs.length),
    'reconnect.failures': counter(failures),
    ...(stayedUs === null ? {} : { 'collateral.response': metricOf(samples(stayedUs.during, 400, rng)) }),
  };
}

function http(medianUs: number, answered: number, errors: number, rng: Random): Metrics {
  return {
    'http.response': metricOf(samples(medianUs, answered, rng)),
    'http.requests': counter(answered + errors),
    'http.answered': counter(answered),
    'http.refused': counter(0),
    'http.errors': counter(errors),
  };
}

/** Of all phases together, as a record has it. */
export function totalOf(phases: readonly PhaseResult[]): Metrics {
  const names = [...new Set(phases.flatMap(({ metrics }) => Object.keys(metrics)))];
  return Object.fromEntries(
    names.map((name) => {
      const all = phases.flatMap(({ metrics }) => (metrics[name] === undefined ? [] : [metrics[name]]));
      const sum = all.reduce((total, metric) => total + (metric.kind === 'counter' ? metric.value : 0), 0);
      // The largest stands for their sum: what its percentiles are is not what these records are for.
      const largest = all.reduce((a, b) =>
        a.kind === 'histogram' && b.kind === 'histogram' && b.count > a.count ? b : a,
      );
      return [name, largest.kind === 'counter' ? counter(sum) : largest] as const;
    }),
  );
}

function counter(value: number) {
  return { kind: 'counter', value } as const;
}
