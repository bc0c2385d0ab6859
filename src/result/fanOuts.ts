import { emptyHistogram, type Histogram } from '../metrics/histogram.js';
import { LATENCY_BUCKETS, middleOf } from '../metrics/latencyBuckets.js';
import { FAN_OUT_WINDOW_US, type FanOutDelta, type Snapshot } from '../metrics/snapshot.js';
import { INTERVAL_MS } from './intervals.js';

const INTERVAL_US = 1000 * INTERVAL_MS;

/**
 * Parts of a message may come so long after it was due: its first receipt in a worker may be a window late, another may
 * pass until that worker gives up on the rest, and its next snapshot tells of it.
 */
const TOLD_WITHIN_US = 2 * FAN_OUT_WINDOW_US + INTERVAL_US;

/** What is known of one message: the parts that workers have told, put together. */
interface Message {
  readonly dueUs: number;
  readonly members: number;
  heard: number;
  firstUs: number;
  lastUs: number;
  medianUs: number | null;
  /** One list of bucket, count, bucket, count, ... from each worker. */
  readonly latencies: Array<readonly number[]>;
}

/** Messages that somebody had. */
interface FanOutCounts {
  messages: number;
  /** Of these, messages that every member of their room had. */
  complete: number;
  /** From the due time to the last delivery, the slowest of them. */
  lastMaxUs: number;
}

/** All messages that were due in one second and one phase, of which nothing more can come. */
export interface FinishedFanOuts extends Readonly<FanOutCounts> {
  /** From the start of the run. */
  readonly second: number;
  readonly phase: string;
  readonly histograms: Readonly<Record<'broadcast.first' | 'broadcast.median' | 'broadcast.last', Histogram>>;
}

/**
 * Puts together what the workers tell of each message. Order does not matter as long as each snapshot comes once. A
 * message is finished when every worker has reported far enough, so that an hour takes no more memory than a minute;
 * what comes later than that is left out.
 */
export class FanOuts {
  /** By the second in which they were due, and by publisher and sequence. */
  private readonly open = new Map<number, Map<string, Message>>();
  /** The seconds before this one are finished. */
  private finishedUntil = 0;
  /** When each phase began, on the monotonic clock. */
  private readonly phaseStarts = new Map<string, number>();
  private readonly finished = new Map<number, FanOutCounts>();
  /** By latency bucket; zero between two messages. */
  private readonly counts = new Uint32Array(LATENCY_BUCKETS);

  /** @param startUs Start of the run on the monotonic clock. */
  constructor(private readonly startUs: number) {}

  /** Notes what a worker has told, and the phase that it was in. */
  add({ fanOuts = [], phase, fromUs }: Snapshot): void {
    this.phaseStarts.set(phase, Math.min(fromUs, this.phaseStarts.get(phase) ?? fromUs));
    for (const part of fanOuts) this.join(part);
  }

  /** Every worker has reported all before `untilUs`, on the monotonic clock: hands out what is finished by that. */
  finish(untilUs: number): FinishedFanOuts[] {
    const until = Math.floor((untilUs - TOLD_WITHIN_US - this.startUs) / INTERVAL_US);
    this.finishedUntil = Math.max(this.finishedUntil, until);
    const seconds = [...this.open.keys()].filter((second) => second < this.finishedUntil);
    return seconds.flatMap((second) => this.finishSecond(second));
  }

  /** Of the messages that were due in a second; undefined when nobody had any, or while it is not finished. */
  countsIn(second: number): Readonly<FanOutCounts> | undefined {
    return this.finished.get(second);
  }

  private join(part: FanOutDelta): void {
    const second = Math.floor(part.dueUs / INTERVAL_US);
    if (second < this.finishedUntil) return;
    let messages = this.open.get(second);
    if (messages === undefined) {
      messages = new Map();
      this.open.set(second, messages);
    }
    const key = `${part.publisher}.${part.sequence}`;
    const message = messages.get(key);
    if (message === undefined) {
      const { dueUs, members, heard, firstUs, lastUs, medianUs, latencies } = part;
      messages.set(key, { dueUs, members, heard, firstUs, lastUs, medianUs, latencies: [latencies] });
      return;
    }
    message.heard += part.heard;
    message.firstUs = Math.min(message.firstUs, part.firstUs);
    message.lastUs = Math.max(message.lastUs, part.lastUs);
    message.medianUs ??= part.medianUs;
    message.latencies.push(part.latencies);
  }

  private finishSecond(second: number): FinishedFanOuts[] {
    const total = nothingCounted();
    const byPhase = new Map<string, FanOutCounts & FinishedFanOuts>();
    for (const message of this.open.get(second)?.values() ?? []) {
      const phase = this.phaseAt(this.startUs + message.dueUs);
      let finished = byPhase.get(phase);
      if (finished === undefined) {
        finished = { second, phase, ...nothingCounted(), histograms: emptyHistograms() };
        byPhase.set(phase, finished);
      }
      count(total, message);
      count(finished, message);
      const medianUs = message.medianUs ?? lowerMedian(message.latencies, this.counts);
      finished.histograms['broadcast.first'].recordValue(Math.max(0, message.firstUs));
      finished.histograms['broadcast.last'].recordValue(Math.max(0, message.lastUs));
      if (medianUs !== null) finished.histograms['broadcast.median'].recordValue(Math.max(0, medianUs));
    }
    this.finished.set(second, total);
    this.open.delete(second);
    return [...byPhase.values()];
  }

  private phaseAt(us: number): string {
    let phase = '';
    let begunUs = Number.NEGATIVE_INFINITY;
    for (const [name, startUs] of this.phaseStarts) {
      if (startUs <= us && startUs > begunUs) [phase, begunUs] = [name, startUs];
    }
    return phase;
  }
}

/**
 * The latency at rank ceil(n / 2) of n, to the resolution of the buckets; null without any.
 * @param lists Bucket, count, bucket, count, ... each.
 * @param counts Room to add them up in: zero before and after.
 */
function lowerMedian(lists: ReadonlyArray<readonly number[]>, counts: Uint32Array): number | null {
  let total = 0;
  let least = LATENCY_BUCKETS;
  let most = 0;
  for (const list of lists) {
    for (let i = 0; i + 1 < list.length; i += 2) {
      const bucket = list[i]!;
      counts[bucket]! += list[i + 1]!;
      total += list[i + 1]!;
      least = Math.min(least, bucket);
      most = Math.max(most, bucket);
    }
  }
  if (total === 0) return null;
  let bucket = least;
  for (let seen = counts[bucket]!; seen < Math.ceil(total / 2); seen += counts[bucket]!) bucket++;
  counts.fill(0, least, most + 1);
  return middleOf(bucket);
}

function count(counts: FanOutCounts, { heard, members, lastUs }: Message): void {
  counts.messages++;
  if (heard >= members) counts.complete++;
  counts.lastMaxUs = Math.max(counts.lastMaxUs, lastUs);
}

function nothingCounted(): FanOutCounts {
  return { messages: 0, complete: 0, lastMaxUs: 0 };
}

function emptyHistograms(): FinishedFanOuts['histograms'] {
  return {
    'broadcast.first': emptyHistogram(),
    'broadcast.median': emptyHistogram(),
    'broadcast.last': emptyHistogram(),
  };
}
