import type { OptionReader } from './optionReader.js';
import type { InjectionRates } from './passing/injection.js';
import type { SlowOptions } from './passing/slowClients.js';

/** What servers take that pass messages on, beside the options of all. */
export interface GivenPassingOptions {
  /** Spoil copies on purpose: the share, 0 to 1, of all copies that each is done to. */
  readonly inject?: Partial<InjectionRates>;
  /** Of the draws for `inject`; default 1. */
  readonly seed?: number;
  /** Every copy leaves at least this long after its message came; default 0. */
  readonly delayUs?: number;
  /** For so long the CPU is kept busy on every copy; default 0. */
  readonly workUs?: number;
  /** What is done about clients that read too slowly; `aboveBytes` is 1 MiB by default. */
  readonly slow?: { readonly policy: SlowOptions['policy']; readonly aboveBytes?: number };
  /** Servers of one process with the same name here pass each other's messages on. */
  readonly bus?: string;
}

export interface PassingOptions {
  readonly inject: InjectionRates | null;
  readonly seed: number;
  readonly delayUs: number;
  readonly workUs: number;
  readonly slow: SlowOptions;
  readonly bus: string | null;
}

const DEFAULT_SLOW: SlowOptions = { policy: 'none', aboveBytes: 1024 * 1024 };
const MINUTE_US = 60_000_000;

export function readPassingOptions(reader: OptionReader): PassingOptions {
  return {
    inject: readInjection(reader.group('inject')),
    seed: reader.integer('seed', { least: 0, most: 2 ** 32 - 1 }) ?? 1,
    delayUs: reader.integer('delayUs', { least: 0, most: MINUTE_US }) ?? 0,
    workUs: reader.integer('workUs', { least: 0, most: MINUTE_US }) ?? 0,
    slow: readSlow(reader.group('slow')),
    bus: reader.text('bus'),
  };
}

function readInjection(reader: OptionReader | null): InjectionRates | null {
  if (reader === null) return null;
  const share = { least: 0, most: 1 };
  const rates = {
    lose: reader.number('lose', share) ?? 0,
    truncate: reader.number('truncate', share) ?? 0,
    corrupt: reader.number('corrupt', share) ?? 0,
    duplicate: reader.number('duplicate', share) ?? 0,
    reorder: reader.number('reorder', share) ?? 0,
  };
  reader.refuseUnread();
  return rates;
}

function readSlow(reader: OptionReader | null): SlowOptions {
  if (reader === null) return DEFAULT_SLOW;
  const policy = reader.requiredWord('policy', ['none', 'drop-slow', 'disconnect-slow']);
  const aboveBytes = reader.integer('aboveBytes', { least: 0, most: 2 ** 40 });
  reader.refuseUnread();
  return { policy, aboveBytes: aboveBytes ?? DEFAULT_SLOW.aboveBytes };
}
