import { UsageError } from '../errors.js';
import { type CapacityOptions, type GivenCapacityOptions, readCapacityOptions } from './capacityOptions.js';
import {
  type EntryOptions,
  type GivenEntryOptions,
  type GivenResendOptions,
  type GivenRoomOptions,
  type ResendOptions,
  type RoomOptions,
  readEntryOptions,
  readResendOptions,
  readRoomOptions,
} from './chatOptions.js';
import { OptionReader } from './optionReader.js';
import { type GivenPassingOptions, type PassingOptions, readPassingOptions } from './passingOptions.js';

/** Options that only some servers have; the row of a server names its groups. */
export type OptionGroup = 'compression' | 'passing' | 'rooms' | 'entry' | 'resend';

/** Options of a reference server as a scenario gives them: plain JSON, units resolved; what is absent has its default. */
export interface GivenServerOptions
  extends GivenCommonOptions,
    GivenCapacityOptions,
    GivenPassingOptions,
    GivenRoomOptions,
    GivenEntryOptions,
    GivenResendOptions {
  /** Accept permessage-deflate when a client offers it; default false. */
  readonly perMessageDeflate?: boolean;
}

/** The same with defaults filled in, those of options that the server does not have too. */
export interface ServerOptions
  extends CommonOptions,
    CapacityOptions,
    PassingOptions,
    RoomOptions,
    EntryOptions,
    ResendOptions {
  readonly perMessageDeflate: boolean;
}

/** What every server takes. */
interface GivenCommonOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Serve wss with a certificate made at start-up; default false. */
  readonly tls?: boolean;
  /** Larger messages are answered by close 1009; default 1 MiB. */
  readonly maxPayloadBytes?: number;
  /** Length of the accept queue asked of the kernel; default 511. */
  readonly backlog?: number;
  /** Ping every client; without `timeoutUs` those silent until the next round are terminated. */
  readonly heartbeat?: { readonly everyUs: number; readonly timeoutUs?: number };
  /** Keep every upgrade request waiting for so long, before anything is done about it; default: not at all. */
  readonly handshake?: { readonly delayUs: number };
  /** Block the event loop on purpose, counted from the first connection that opens. */
  readonly stall?: { readonly afterUs: number; readonly forUs: number; readonly everyUs?: number };
}

interface CommonOptions {
  readonly port: number;
  readonly host: string;
  readonly tls: boolean;
  readonly maxPayloadBytes: number;
  readonly backlog: number;
  readonly heartbeat: HeartbeatOptions | null;
  readonly handshake: HandshakeOptions | null;
  readonly stall: StallOptions | null;
}

export interface HeartbeatOptions {
  readonly everyUs: number;
  /** A client without a pong is terminated this long after the ping; null: at the next round. */
  readonly timeoutUs: number | null;
}

export interface HandshakeOptions {
  readonly delayUs: number;
}

export interface StallOptions {
  readonly afterUs: number;
  readonly forUs: number;
  /** From the start of one stall to the start of the next; null: only once. */
  readonly everyUs: number | null;
}

const MAX_DURATION_US = 24 * 3600 * 1_000_000;
const MINUTE_US = 60_000_000;

/**
 * Fills in defaults; throws `UsageError` with every problem (wrong types, ranges, unknown keys) at once.
 * @param groups Which options the server has beside those of all; others are unknown.
 */
export function readServerOptions(given: unknown, groups: readonly OptionGroup[]): ServerOptions {
  const reader = new OptionReader(given, '');
  // Whatever is read from it has its default.
  const nothing = new OptionReader({}, '');
  const readerOf = (group: OptionGroup) => (groups.includes(group) ? reader : nothing);
  const options: ServerOptions = {
    ...readCommonOptions(reader),
    ...readCapacityOptions(reader),
    perMessageDeflate: readerOf('compression').flag('perMessageDeflate') ?? false,
    ...readPassingOptions(readerOf('passing')),
    ...readRoomOptions(readerOf('rooms')),
    ...readEntryOptions(readerOf('entry')),
    ...readResendOptions(readerOf('resend')),
  };
  reader.refuseUnread();
  if (reader.problems.length > 0) throw new UsageError(reader.problems.join('; '));
  return options;
}

function readCommonOptions(reader: OptionReader): CommonOptions {
  return {
    port: reader.integer('port', { least: 0, most: 65_535 }) ?? 0,
    host: reader.text('host') ?? '127.0.0.1',
    tls: reader.flag('tls') ?? false,
    maxPayloadBytes: reader.integer('maxPayloadBytes', { least: 1, most: 2 ** 31 - 1 }) ?? 1024 * 1024,
    backlog: reader.integer('backlog', { least: 1, most: 2 ** 31 - 1 }) ?? 511,
    heartbeat: readHeartbeat(reader.group('heartbeat')),
    handshake: readHandshake(reader.group('handshake')),
    stall: readStall(reader.group('stall')),
  };
}

function readHeartbeat(reader: OptionReader | null): HeartbeatOptions | null {
  if (reader === null) return null;
  // Timers have a resolution of one millisecond.
  const range = { least: 1000, most: MAX_DURATION_US };
  const everyUs = reader.requiredInteger('everyUs', range);
  const timeoutUs = reader.integer('timeoutUs', range);
  reader.refuseUnread();
  return { everyUs, timeoutUs };
}

function readHandshake(reader: OptionReader | null): HandshakeOptions | null {
  if (reader === null) return null;
  // Timers have a resolution of one millisecond.
  const delayUs = reader.requiredInteger('delayUs', { least: 1000, most: MINUTE_US });
  reader.refuseUnread();
  return { delayUs };
}

function readStall(reader: OptionReader | null): StallOptions | null {
  if (reader === null) return null;
  const afterUs = reader.requiredInteger('afterUs', { least: 0, most: MAX_DURATION_US });
  const forUs = reader.requiredInteger('forUs', { least: 1000, most: MAX_DURATION_US });
  // A pause of 1 ms between two stalls, or nothing else would ever run.
  const everyUs = reader.integer('everyUs', { least: forUs + 1000, most: MAX_DURATION_US });
  reader.refuseUnread();
  return { afterUs, forUs, everyUs };
}
