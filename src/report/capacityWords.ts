/** A search for capacity in plain words: what every format says in the same way. */
import type {
  CapacityLevel,
  CapacityRecord,
  CapacityTry,
  Limit,
  LimitedBy,
  Vary,
} from '../result/capacity.js';
import { observedWords } from './limits.js';
import { bytes, count, counted, duration, percent } from './numbers.js';
import { forecastSentence } from './sizingWords.js';
import { causeWords, closeCodeWords, closeWords } from './words.js';

export interface CapacityVerdict {
  /** `found`: a capacity, or that the end of the range passed. `doubt`: the generator was the limit, or it was left early. */
  readonly outcome: 'found' | 'failed' | 'doubt';
  /** With the two numbers that decided it. */
  readonly sentence: string;
}

/** What came of the search, in one sentence. */
export function capacityVerdict(record: CapacityRecord): CapacityVerdict {
  const { outcome, lastPass, firstFail } = record;
  switch (outcome) {
    case 'bracketed':
      return { outcome: 'found', sentence: `${holds(record, '')}${atFirstFail(record)}.` };
    case 'at-least':
      return { outcome: 'found', sentence: `${holds(record, 'at least ')}; nothing gave out.` };
    case 'generator':
      return { outcome: 'doubt', sentence: generatorSentence(record) };
    case 'never-passed':
      return { outcome: 'failed', sentence: neverSentence(record) };
    case 'target-broken':
      return {
        outcome: lastPass === null ? 'failed' : 'doubt',
        sentence: `The target stayed broken${firstFail === null ? '' : ` after ${loadWords(firstFail, record.vary)}`}, so the search ended there: ${knownWords(record)}.`,
      };
    case 'interrupted':
      return { outcome: 'doubt', sentence: `Interrupted: ${knownWords(record)}.` };
  }
}

const VERBS: Readonly<Record<Vary, string>> = {
  connections: 'holds',
  'connect-rate': 'lets in',
  'publish-rate': 'carries',
  rooms: 'serves',
};

const UNITS: Readonly<Record<Vary, readonly [one: string, many: string]>> = {
  connections: ['connection', 'connections'],
  'connect-rate': ['connect a second', 'connects a second'],
  'publish-rate': ['message a second', 'messages a second'],
  rooms: ['room', 'rooms'],
};

/** `12,400 connections`, `800 connects a second`. */
export function loadWords(load: number, vary: Vary): string {
  return counted(load, ...UNITS[vary]);
}

/** What is varied, as a name for tables and axes: `connections`, `connects a second`. */
export function varyWords(vary: Vary): string {
  return UNITS[vary][1];
}

function holds({ vary, lastPass }: CapacityRecord, most: string): string {
  return `The server ${VERBS[vary]} ${most}${loadWords(lastPass ?? 0, vary)}`;
}

function atFirstFail({ firstFail, limitedBy }: CapacityRecord): string {
  return firstFail === null ? '' : `; at ${count(firstFail)} ${reasonWords(limitedBy)}`;
}

/** The first of the evidence, as a clause. */
function reasonWords(limitedBy: LimitedBy | null): string {
  const first = limitedBy?.evidence[0];
  return first === undefined ? 'it did not pass' : limitWords(first);
}

function generatorSentence({ vary, lastPass, firstFail }: CapacityRecord): string {
  const at = firstFail === null ? '' : ` at ${count(firstFail)}`;
  const why = 'the generator, not the server, was the limit';
  if (lastPass === null) return `No capacity: already${at} ${why}.`;
  return `At least ${loadWords(lastPass, vary)}:${at} ${why}.`;
}

function neverSentence({ vary, firstFail, limitedBy }: CapacityRecord): string {
  const level = firstFail === null ? 'the first level' : `${loadWords(firstFail, vary)}, the first level,`;
  return `No capacity: at ${level} ${reasonWords(limitedBy)}.`;
}

function knownWords({ vary, lastPass, firstFail }: CapacityRecord): string {
  if (lastPass === null && firstFail === null) return 'nothing is known yet';
  const least = lastPass === null ? 'nothing has passed' : `${loadWords(lastPass, vary)} passed`;
  return firstFail === null ? least : `${least}, ${count(firstFail)} did not`;
}

/** What was at its limit, as a clause about "it", the server: `it refused 124 with HTTP 503 (service unavailable)`. */
export function limitWords(limit: Limit): string {
  switch (limit.code) {
    case 'target-cpu':
      return limit.scope === 'thread'
        ? `one of its threads used a whole core (${percent(limit.percent)})`
        : `its processes used all the CPU there is for them (${percent(limit.percent)} of ${percent(limit.limitPercent)})`;
    case 'target-memory':
      return `its memory was used up (${bytes(limit.bytes)} of ${bytes(limit.limitBytes)})`;
    case 'target-oom':
      return `the kernel ended ${counted(limit.kills, 'of its processes', 'of its processes')} for want of memory`;
    case 'target-descriptors':
      return `it ran out of file descriptors (${count(limit.descriptors)} of ${count(limit.limit)})`;
    case 'accept-queue':
      return acceptQueueWords(limit);
    case 'refused':
      return refusedWords(limit);
    case 'handshake-timeout':
      return `${counted(limit.count, 'handshake was', 'handshakes were')} not answered in time (${limit.stage})`;
    case 'closed':
      return closedWords(limit);
    case 'target-died':
      return `it died: the target ${limit.how}`;
    case 'latency':
      return latencyWords(limit);
    case 'threshold':
      return `${limit.expression} did not hold: ${seenWords(limit)}`;
    case 'generator':
      return generatorWords(limit);
  }
}

/** A percentile is only given where there are samples enough for it. */
function latencyWords({ expression, observedUs }: LimitOf<'latency'>): string {
  if (observedUs === null) return `there were too few samples for ${expression}`;
  return `${expression} did not hold: it was ${duration(observedUs)}`;
}

function seenWords(limit: LimitOf<'threshold'>): string {
  const words = observedWords({ ...limit, passed: false });
  return words === null ? 'there was no data' : `it was ${words}`;
}

function generatorWords({ reasons }: LimitOf<'generator'>): string {
  const why = reasons.map((reason) => reason.replace(/\.$/, '')).join('; ');
  return `the generator, not the server, was the limit${why === '' ? '' : ` (${why})`}`;
}

type LimitOf<Code extends Limit['code']> = Extract<Limit, { code: Code }>;

function acceptQueueWords({ listenOverflows, synRetransmissions }: LimitOf<'accept-queue'>): string {
  const again = `${counted(synRetransmissions, 'connect')} had to ask a second time`;
  if (listenOverflows === 0) return `its accept queue was full: ${again}`;
  const full = `its accept queue was full ${counted(listenOverflows, 'time')}`;
  return synRetransmissions === 0 ? full : `${full}, and ${again}`;
}

function refusedWords({ status, cause, count: refused }: LimitOf<'refused'>): string {
  const words = causeWords(cause);
  if (status === null) return `${counted(refused, 'attempt')} failed: ${words}`;
  return `it refused ${count(refused)} with ${words.replace(/^the server answered /, '')}`;
}

function closedWords({ closeCode, cause, count: closed }: LimitOf<'closed'>): string {
  if (cause === 'close-frame')
    return `it closed ${counted(closed, 'connection')} (${closeCodeWords(closeCode)})`;
  const how = closeWords({
    initiator: 'network',
    code: closeCode,
    cause: cause === 'reset' ? 'reset' : 'fin',
  });
  return `${counted(closed, 'connection')} were lost: ${how}`;
}

/** What each load would need, a sentence each. */
export function forecastSentences({ vary, sizing }: CapacityRecord): string[] {
  const known = (sizing?.forecasts ?? []).filter(
    ({ memoryBytes, kernelBytes, cores }) => (memoryBytes ?? kernelBytes ?? cores) !== null,
  );
  return known.map((forecast) => forecastSentence(forecast, loadWords(forecast.load, vary)));
}

/** A try in a line: `passed (heartbeat.response p99 2.1 ms)`, `failed: it refused 124 with HTTP 503`. */
export function tryWords(one: CapacityTry): string {
  if (one.passed) {
    const figure = headlineOf(one);
    return figure === null ? 'passed' : `passed (${figure})`;
  }
  const first = one.limits[0];
  const outcome = isInvalid(one) ? 'not valid' : 'failed';
  return `${outcome}: ${first === undefined ? 'it did not pass' : limitWords(first)}`;
}

/** True when it says nothing about the server. */
export function isInvalid({ passed, limits }: CapacityTry): boolean {
  return !passed && limits[0]?.code === 'generator';
}

/** `2 of 3 passed`. */
export function triesWords({ tries }: CapacityLevel): string {
  return `${count(tries.filter(({ passed }) => passed).length)} of ${count(tries.length)} passed`;
}

const HEADLINES = ['broadcast.last', 'heartbeat.response', 'echo.response', 'handshake.total'] as const;

function headlineOf({ result }: CapacityTry): string | null {
  for (const name of HEADLINES) {
    const times = result?.latencies[name];
    if (times?.p99Us != null) return `${name} p99 ${duration(times.p99Us)}`;
  }
  return null;
}
