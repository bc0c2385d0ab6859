import type { OptionReader } from './optionReader.js';
import { type GivenRateOptions, type RateOptions, readRate } from './rateOptions.js';

/** What gives any server a capacity that is known beforehand, so that a measurement can be held against the truth. */
export interface GivenCapacityOptions {
  readonly limit?: {
    /** Most connections that are open at a time. */
    readonly connections?: { readonly most: number; readonly how?: ConnectionLimit['how'] };
    /** Most upgrades, of all clients together. */
    readonly connectRate?: GivenRateOptions;
  };
  /** For so long the CPU is kept busy on every connection that opens, and on every message that comes in; default 0. */
  readonly cost?: { readonly connectUs?: number; readonly messageUs?: number };
  /** Memory of every open connection, in whole pages; default 0. */
  readonly stateBytes?: number;
  /** Memory of every connection that has ever been open, kept for good; default 0. */
  readonly leakBytes?: number;
}

export interface CapacityOptions {
  readonly limit: LimitOptions | null;
  readonly cost: CostOptions | null;
  readonly stateBytes: number;
  readonly leakBytes: number;
}

interface LimitOptions {
  readonly connections: ConnectionLimit | null;
  readonly connectRate: RateOptions | null;
}

export interface ConnectionLimit {
  readonly most: number;
  /** Who comes beyond them is refused by HTTP, or let in to be closed at once. */
  readonly how: 'http' | 'close';
}

export interface CostOptions {
  readonly connectUs: number;
  readonly messageUs: number;
}

const MANY = 1_000_000;
const MINUTE_US = 60_000_000;
const PAGE_BYTES = 4096;
/** Of one connection. */
const MOST_BYTES = 64 * 1024 * 1024;

export function readCapacityOptions(reader: OptionReader): CapacityOptions {
  return {
    limit: readLimit(reader.group('limit')),
    cost: readCost(reader.group('cost')),
    stateBytes: readPages(reader, 'stateBytes'),
    leakBytes: reader.integer('leakBytes', { least: 0, most: MOST_BYTES }) ?? 0,
  };
}

function readLimit(reader: OptionReader | null): LimitOptions | null {
  if (reader === null) return null;
  const connections = readConnectionLimit(reader.group('connections'));
  const connectRate = readRate(reader.group('connectRate'));
  reader.refuseUnread();
  return { connections, connectRate };
}

function readConnectionLimit(reader: OptionReader | null): ConnectionLimit | null {
  if (reader === null) return null;
  const most = reader.requiredInteger('most', { least: 1, most: MANY });
  const how = reader.word('how', ['http', 'close']);
  reader.refuseUnread();
  return { most, how };
}

function readCost(reader: OptionReader | null): CostOptions | null {
  if (reader === null) return null;
  const range = { least: 0, most: MINUTE_US };
  const connectUs = reader.integer('connectUs', range) ?? 0;
  const messageUs = reader.integer('messageUs', range) ?? 0;
  reader.refuseUnread();
  return { connectUs, messageUs };
}

/** Memory that is given back at once can only be had in pages: with any other size the truth would not be known. */
function readPages(reader: OptionReader, key: string): number {
  const bytes = reader.integer(key, { least: 0, most: MOST_BYTES }) ?? 0;
  if (bytes % PAGE_BYTES === 0) return bytes;
  reader.problems.push(
    `${key} must be a multiple of ${PAGE_BYTES}, the size of a page of memory, not ${bytes}`,
  );
  return 0;
}
