import type { OptionReader } from './optionReader.js';

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
  /** Messages that one connection may send, and how many at once (by default those of a second). */
  readonly rate?: { readonly perSecond: number; readonly burst?: number };
}

export interface EntryOptions {
  readonly token: string | null;
  readonly rate: RateOptions | null;
}

export interface RateOptions {
  readonly perSecond: number;
  readonly burst: number;
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

function readRate(reader: OptionReader | null): RateOptions | null {
  if (reader === null) return null;
  const perSecond = reader.requiredNumber('perSecond', { least: 0.001, most: MANY });
  const burst = reader.integer('burst', { least: 1, most: MANY }) ?? Math.ceil(perSecond);
  reader.refuseUnread();
  return { perSecond, burst };
}

export function readResendOptions(reader: OptionReader): ResendOptions {
  return { resendAfterUs: reader.integer('resendAfterUs', { least: 1000, most: HOUR_US }) ?? 3_000_000 };
}
