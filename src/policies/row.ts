import type { CloseAction, CloseRule, DelayRule, Jitter, ReconnectPolicy } from './policy.js';

/** A policy with what people should know of it. */
export interface Preset {
  readonly policy: ReconnectPolicy;
  /** Its delays in one line. */
  readonly says: string;
  /** Where its numbers come from: project, file and commit, or version of the package. */
  readonly source: string;
  /** What else the original does, and what of it is not modelled. */
  readonly notes: readonly string[];
}

/** A row of the table of presets: what is not written is as most clients do it. */
type Row = Pick<Preset, 'says' | 'source'> &
  Partial<Pick<Preset, 'notes'>> &
  Pick<ReconnectPolicy, 'name'> &
  Partial<Omit<ReconnectPolicy, 'name' | 'delay'>> &
  Pick<DelayRule, 'growth'> &
  Partial<Omit<DelayRule, 'growth'>>;

/** No jitter, no cap, unlimited attempts, counted anew from each open; retries every close and sees no Retry-After. */
export function preset(row: Row): Preset {
  return {
    policy: {
      name: row.name,
      delay: {
        growth: row.growth,
        capUs: row.capUs ?? null,
        jitters: row.jitters ?? [],
        capAfterJitterUs: row.capAfterJitterUs ?? null,
        late: row.late ?? null,
      },
      attempts: row.attempts ?? null,
      resetAfterUs: row.resetAfterUs ?? 0,
      connectTimeoutUs: row.connectTimeoutUs ?? null,
      closes: row.closes ?? [],
      waitsRetryAfter: row.waitsRetryAfter ?? false,
    },
    says: row.says,
    source: row.source,
    notes: row.notes ?? [],
  };
}

export function seconds(count: number): number {
  return Math.round(count * 1_000_000);
}

/** The last one repeats. */
export function listOfMs(...delaysMs: readonly number[]): DelayRule['growth'] {
  return { kind: 'list', delaysUs: delaysMs.map((ms) => ms * 1000) };
}

export function always(delayUs: number): DelayRule['growth'] {
  return { kind: 'linear', baseUs: delayUs, stepUs: 0 };
}

export function exponential(
  baseUs: number,
  factor: number,
  mostSteps: number | null = null,
): DelayRule['growth'] {
  return { kind: 'exponential', baseUs, factor, mostSteps };
}

export function plus(lowUs: number, highUs: number): Jitter {
  return { kind: 'plus', lowUs, highUs };
}

export function times(low: number, high: number): Jitter {
  return { kind: 'times', low, high, first: null, once: false };
}

/** One rule for each code or range of codes. */
export function onCodes(
  action: CloseAction,
  ...codes: ReadonlyArray<number | readonly [number, number]>
): CloseRule[] {
  return codes.map((code) => ({ codes: typeof code === 'number' ? [code, code] : code, action }));
}
