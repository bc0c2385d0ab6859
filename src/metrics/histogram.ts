/**
 * Latency histograms: HDR histograms of whole microseconds, three significant digits, up to one hour.
 * The only importer of hdr-histogram-js. Recording runs in WebAssembly where asked: about 25 ns a value
 * against 140 ns for the JavaScript implementation (`npm run bench -- histogram`).
 */
import { deflateSync } from 'node:zlib';
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  initWebAssemblySync,
  JsHistogram,
  WasmHistogram,
} from 'hdr-histogram-js';
import type { EncodedHistogram } from './snapshot.js';

/** One hour: what takes longer is recorded as this. */
const MAX_US = 3_600_000_000;

const SHAPE = {
  bitBucketSize: 32,
  autoResize: false,
  lowestDiscernibleValue: 1,
  highestTrackableValue: MAX_US,
  numberOfSignificantValueDigits: 3,
} as const;

export type { Histogram };

/** Begins what is compressed in the format V2 (HdrHistogram's `V2CompressedEncodingCookieBase`, counts of variable length). */
const COMPRESSED = 0x1c849304 | 0x10;

/**
 * An interval has a kilobyte to compress, once a second in the thread that sends: with its usual window zlib asks the system
 * for 268 KiB each time and gives them back, which took 1.5 to 5 ms where pages are slow to come; so it is a tenth.
 */
const SMALL_WINDOW = { windowBits: 9, memLevel: 1, chunkSize: 1024 } as const;

/** Collects one interval of one metric; on the hot path. */
export class IntervalHistogram {
  private readonly histogram: WasmHistogram;
  private censored = 0;

  constructor() {
    initWebAssemblySync();
    this.histogram = WasmHistogram.build(SHAPE);
  }

  /** `us` outside 0 to one hour is recorded as the nearer bound. */
  record(us: number): void {
    this.histogram.recordValue(Math.min(Math.max(us, 0), MAX_US));
  }

  recordCensored(us: number): void {
    this.censored++;
    this.record(us);
  }

  /** The interval's samples, or null without any; begins the next interval. */
  take(): EncodedHistogram | null {
    if (this.histogram.totalCount === 0) return null;
    const encoded = encodeInterval(this.histogram);
    const { censored } = this;
    this.histogram.reset();
    this.censored = 0;
    return { encoded, censored };
  }
}

function encodeInterval(histogram: WasmHistogram): string {
  const compressed = deflateSync(histogram.encode(), SMALL_WINDOW);
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32BE(COMPRESSED, 0);
  head.writeUInt32BE(compressed.length, 4);
  return Buffer.concat([head, compressed]).toString('base64');
}

/** The value at share `q` of the samples, in us; null with fewer than 1 / (1 - q) samples. */
export function percentile(histogram: Histogram, q: number): number | null {
  // The product is rounded because 1 - 0.999 is not exactly 0.001.
  const needed = Math.round(1e6 / (1 - q)) / 1e6;
  if (histogram.totalCount < needed) return null;
  return histogram.getValueAtPercentile(q * 100);
}

export function emptyHistogram(): Histogram {
  return build(SHAPE);
}

export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

export function decodeHistogram(encoded: string): Histogram {
  return decodeFromCompressedBase64(encoded, 32, false);
}

/**
 * The distribution as `outputPercentileDistribution` of HdrHistogram prints it, in steps of a fifth of what is left to 100 %.
 * @param scale Recorded units in one printed unit: 1000 for times in ms.
 */
export function percentileDistribution(histogram: Histogram, scale: number): string {
  return histogram.outputPercentileDistribution(TICKS_PER_HALF, scale);
}

/** HdrHistogram's own default. */
const TICKS_PER_HALF = 5;

/** Calls `visit` for every value that was recorded, ascending, with how often; values are their bucket's middle. */
export function forEachRecorded(histogram: Histogram, visit: (us: number, count: number) => void): void {
  if (!(histogram instanceof JsHistogram)) throw new Error('only decoded histograms can be walked');
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count > 0) visit(histogram.medianEquivalentValue(histogram.valueFromIndex(index)), count);
  }
}
