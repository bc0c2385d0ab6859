/** The numbers of a storm, each beside what the model says and with what it means. */
import { percentile } from '../../../metrics/histogram.js';
import { samplesIn } from '../../../result/aftermath.js';
import type { Recovery } from '../../../result/recovery.js';
import { count, duration, factor, rate } from '../../numbers.js';
import type { Storm } from './storm.js';

export interface Figure {
  readonly what: string;
  readonly meaning: string;
  readonly words: (value: number) => string;
  /** What stands in the place of a number that is not known. */
  readonly unknown: string;
  /** Measured and by the model, in the same unit; null where it is not known. */
  readonly measured: number | null;
  readonly model: number | null;
}

export function figuresOf(storm: Storm): Figure[] {
  return [...times(storm.recovery), ...loads(storm.recovery), ...ofClients(storm)];
}

type Words = Figure['words'];

function figure(
  what: string,
  meaning: string,
  words: Words,
  measured: number | null | undefined,
  model: number | null | undefined = null,
): Figure {
  return { what, meaning, words, unknown: '–', measured: measured ?? null, model: model ?? null };
}

/** When a share of the lost was back: what is not known was never. */
function milestone(
  what: string,
  meaning: string,
  measuredMs: number | null,
  modelMs?: number | null,
): Figure {
  return { ...figure(what, meaning, time, measuredMs, modelMs), unknown: 'not reached' };
}

/** In words of a time in ms. */
const time: Words = (ms) => duration(ms * 1000);

function times({ predicted, ...recovery }: Recovery): Figure[] {
  const modelBack = predicted === null ? null : predicted.dropped - predicted.gaveUp - predicted.stillOut;
  const lost = 'lost from the start of the fault to that of the next, each counted once';
  const half = 'from the start of the fault until half of the lost were open again';
  return [
    figure('connections lost', lost, count, recovery.dropped, predicted?.dropped),
    figure('open again', 'of these, connections that came back', count, recovery.recovered, modelBack),
    milestone('50 % back after', half, recovery.t50Ms, predicted?.t50Ms),
    milestone('90 % back after', 'until nine in ten were', recovery.t90Ms, predicted?.t90Ms),
    milestone('99 % back after', 'until all but one in a hundred were', recovery.t99Ms, predicted?.t99Ms),
    milestone('100 % back after', 'until the last one was', recovery.t100Ms, predicted?.t100Ms),
  ];
}

const AMPLIFICATION = 'attempts for each lost connection; 1 is the least that brings all of them back';
const HERD =
  'attempts in the worst second for each lost connection; 1 is the whole herd within a second, and less is gentler';

function loads({ predicted, attemptsPerClient: { p50, p99, max }, ...recovery }: Recovery): Figure[] {
  const { attempts, amplification, peakAttemptsPerSecond: peak, herdFactor, gaveUp } = recovery;
  const lost = predicted?.dropped ?? 0;
  const perLost = (value: number | undefined) => (value === undefined || lost === 0 ? null : value / lost);
  const modelPeak = predicted?.peakAttemptsPerSecond;
  return [
    figure('attempts', 'to open again, in all', count, attempts, predicted?.attempts),
    figure('amplification', AMPLIFICATION, factor, amplification, perLost(predicted?.attempts)),
    figure('attempts of a client, median', 'that it needed until it was open again', count, p50),
    figure('attempts of a client, p99', 'one in 100 needed more', count, p99),
    figure('attempts of a client, most', 'of the one that needed most', count, max),
    figure('peak', 'attempts in the worst second, wherever that second begins', rate, peak, modelPeak),
    figure('herd factor', HERD, factor, herdFactor, perLost(modelPeak)),
    figure('gave up', 'connections whose policy makes no more attempts', count, gaveUp, predicted?.gaveUp),
  ];
}

const REOPENING =
  'of attempts that opened, from when they were due: a late one counts from when it should have been made';
const LATE = "the generator's own lateness: where it is large, the storm was gentler than the policy";

/** What the clients went through: when they knew, how long opening took, how late they tried. */
function ofClients({ recovery, aftermath }: Storm): Figure[] {
  const { byClient } = recovery.noticed;
  const reopening = samplesIn(aftermath.phases, 'reconnect.response', null);
  const late = percentile(samplesIn(aftermath.phases, 'reconnect.sendLag', null), 0.99);
  const figures = [
    figure('loss noticed, median', 'from the start of the fault until a client knew', time, byClient?.p50Ms),
    figure('loss noticed, last', 'until the last client knew', time, byClient?.maxMs),
    figure('reopening, median', REOPENING, duration, percentile(reopening, 0.5)),
    figure('reopening, p99', 'one in 100 took longer', duration, percentile(reopening, 0.99)),
    figure('attempts late, p99', LATE, duration, late),
  ];
  return figures.filter(({ measured }) => measured !== null);
}
