import { judgeMetrics, verdictOf } from '../../dist/compare/judge.js';
import { Looks } from '../../dist/compare/looks.js';
import { LEAST_RUNS } from '../../dist/compare/question.js';
import { orderOf } from '../../dist/compare/rounds.js';
import { createRandom } from '../../dist/sequence.js';

/** Two-sided: half of it is the rate of false alarms that the comparison is designed for. */
const LEVEL = 0.02;
const TOLERANCE = 0.03;
const RESAMPLES = 2000;

/**
 * What runs of the same server come to, in the course of a comparison: a logarithm that has noise of its own, follows the
 * machine (which drifts from run to run and takes all of its times along), and is now and then far off.
 */
const TIMES = [
  { name: 'heartbeat.response p50', middle: 800, noise: 0.04, drift: 1 },
  { name: 'heartbeat.response p90', middle: 1600, noise: 0.08, drift: 1 },
  { name: 'handshake.total p50', middle: 1200, noise: 0.1, drift: 1 },
  { name: 'handshake.total p90', middle: 4000, noise: 0.25, drift: 1 },
  { name: 'target.cpuPerConnect', middle: 250, noise: 0.1, drift: 1 },
  { name: 'target.cpuPerMessage', middle: 40, noise: 0.05, drift: 1 },
  { name: 'memory.perConnection', middle: 6000, noise: 0.12, drift: 0 },
];
/** 0 in most runs. */
const SHARES = ['heartbeat.unanswered', 'closes.abnormal', 'connections.neverOpened'];
const DRIFT = { correlation: 0.9, deviation: 0.15 };
const OUTLIERS = { share: 0.08, scale: 0.5 };

/**
 * Share of comparisons of a server with itself that come to `worse`, at the last look or at any one before it, by simulation.
 * Nothing ends early: no comparison is spared a look because it was clear already.
 */
export function alarmRates(comparisons, seed = 1) {
  const random = createRandom(seed);
  return [
    { what: '6 runs a side, one look', ...alarms(comparisons, 6, false, random) },
    { what: '10 runs a side, one look', ...alarms(comparisons, 10, false, random) },
    { what: '10 rounds, a look after each from the 6th on', ...alarms(comparisons, 10, true, random) },
  ];
}

function alarms(comparisons, rounds, looksEarly, random) {
  let alarmed = 0;
  for (let i = 0; i < comparisons; i++) {
    const runs = simulateRuns(rounds, i, random);
    if (looksOf(rounds, looksEarly).some(({ after, level }) => isWorse(runs, after, level, i))) alarmed++;
  }
  return { comparisons, alarmed, rate: alarmed / comparisons };
}

function looksOf(rounds, looksEarly) {
  if (!looksEarly) return [{ after: rounds, level: LEVEL }];
  const looks = new Looks(rounds);
  const early = [];
  for (let after = LEAST_RUNS; after < rounds; after++) early.push({ after, level: looks.next() });
  return [...early, { after: rounds, level: looks.last() }];
}

/** Intervals cost most of the time, and where the test alone excludes `worse` they are left rough. */
function isWorse({ baseline, candidate }, after, level, seed) {
  const sides = [baseline.slice(0, after), candidate.slice(0, after)];
  const judging = { tolerance: TOLERANCE, level, calibration: null, seed };
  const rough = judgeMetrics(...sides, { ...judging, resamples: 1 }).metrics;
  if (!rough.some(({ gated, adjustedPValue }) => gated && adjustedPValue <= level)) return false;
  return verdictOf(judgeMetrics(...sides, { ...judging, resamples: RESAMPLES }).metrics) === 'worse';
}

function simulateRuns(rounds, seed, random) {
  const sides = { baseline: [], candidate: [] };
  let drift = DRIFT.deviation * normal(random);
  for (let round = 1; round <= rounds; round++) {
    for (const side of orderOf(round, seed)) {
      sides[side].push({ values: valuesWith(drift, random), round });
      const { correlation, deviation } = DRIFT;
      drift = correlation * drift + Math.sqrt(1 - correlation ** 2) * deviation * normal(random);
    }
  }
  return sides;
}

function valuesWith(drift, random) {
  // A run that is far off is so in all its times: something else had the machine.
  const off = random() < OUTLIERS.share ? OUTLIERS.scale * Math.abs(normal(random) / normal(random)) : 0;
  const times = TIMES.map(({ name, middle, noise, drift: share }) => [
    name,
    middle * Math.exp(noise * normal(random) + share * (drift + Math.min(off, 3))),
  ]);
  const shares = SHARES.map((name) => [name, random() < 0.1 ? 0.002 * random() : 0]);
  return Object.fromEntries([...times, ...shares]);
}

/** By Box and Muller. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
