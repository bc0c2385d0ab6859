import type { OptionReader } from './optionReader.js';
import { type GivenRateOptions, type RateOptions, readRate } from './rateOptions.js';

/** Of servers with rooms. */
export interface GivenRoomOptions {
  /** Most members of one room but the lobby: who comes later is refused; default: as many as come. */
  readonly roomSize?: number;
  /** Tell the members of a room who comes and goes, while they are fewer than 100; default true. */
  readonly announce?: boolean;
}

export interface RoomOptions {
  readonly roomSize: number | null;
  readonly announce: boolean;
}

/** Of the server `chat`. */
export interface GivenEntryOptions {
  /** Clients have to name it in the query of their path; default: anybody is let in. */
  readonly token?: string;
  /** Messages that one connection may send. */
  readonly rate?: GivenRateOptions;
}

export interface EntryOptions {
  readonly token: string | null;
  readonly rate: RateOptions | null;
}

/** Of the server `reliable`. */
export interface GivenResendOptions {
  /** A message that a member has not acknowledged by then is sent to it again; default 3 s. */
  readonly resendAfterUs?: number;
}

export interface ResendOptions {
  readonly resendAfterUs: number;
}

const MANY = 1_000_000;
const HOUR_US = 3_600_000_000;

export function readRoomOptions(reader: OptionReader): RoomOptions {
  return {
    roomSize: reader.integer('roomSize', { least: 1, most: MANY }),
    announce: reader.flag('announce') ?? true,
  };
}

export function readEntryOptions(reader: OptionReader): EntryOptions {
  return { token: reader.text('token'), rate: readRate(reader.group('rate')) };
}

export function readResendOptions(reader: OptionReader): ResendOptions {
  return { resendAfterUs: reader.integer('resendAfterUs', { least: 1000, most: HOUR_US }) ?? 3_000_000 };
}
