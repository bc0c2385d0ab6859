import { type Aftermath, countUpTo, type FaultRecord, samplesIn } from './aftermath.js';

/** A storm in bins few enough to draw. Times count from the fault's start. */
export interface StormBins {
  readonly binMs: number;
  /** Edges of the bins: one more than there are bins. */
  readonly edgesMs: readonly number[];
  readonly attempts: readonly number[];
  readonly opens: readonly number[];
  /** By cause, `stage:cause`; only causes that came up. */
  readonly failures: Readonly<Record<string, readonly number[]>>;
  /** How many of the dropped are open again at each edge. */
  readonly back: readonly number[];
}

/** A stretch of time about a fault, in ms from its start. */
export interface StormSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Bins of a width that is a multiple of the record's own. */
export function stormBins(
  { attempts: record }: FaultRecord,
  { recovery, phases }: Aftermath,
  { fromMs, untilMs }: StormSpan,
  binMs: number,
): StormBins {
  const size = Math.max(1, Math.round(binMs / record.binMs));
  const first = Math.floor((recovery.atMs + fromMs) / record.binMs);
  const count = Math.max(1, Math.ceil((untilMs - fromMs) / (size * record.binMs)));
  const edgesMs = Array.from(
    { length: count + 1 },
    (_, i) => (first + i * size) * record.binMs - recovery.atMs,
  );
  const binned = (values: readonly number[]) =>
    Array.from({ length: count }, (_, i) =>
      values.slice(first + i * size, first + (i + 1) * size).reduce((sum, value) => sum + value, 0),
    );
  const failures = Object.entries(record.failures).map(([cause, values]) => [cause, binned(values)] as const);
  return {
    binMs: size * record.binMs,
    edgesMs,
    attempts: binned(record.attempts),
    opens: binned(record.opens),
    failures: Object.fromEntries(failures.filter(([, values]) => values.some((value) => value > 0))),
    back: countUpTo(samplesIn(phases, 'recovery.time', null), edgesMs),
  };
}

/** The width of bins, 1, 2 or 5 times a power of ten of `leastMs`, with which at most `most` cover a span. */
export function binWidthMs({ fromMs, untilMs }: StormSpan, leastMs: number, most: number): number {
  const least = (untilMs - fromMs) / leastMs / most;
  if (least <= 1) return leastMs;
  const power = 10 ** Math.floor(Math.log10(least));
  return leastMs * power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

/** A model that takes longer than the measured storm is shown for this many times its length. */
const MOST_OF_MODEL = 1.5;
/** Who has not come back may go on trying for hours: beyond this many times what 99 % took, nothing more is learned. */
const MOST_OF_TAIL = 4;
const LEAST_MS = 1500;
/** Room to the right of the last point, where its label stands. */
const ROOM = 1.25;

/** What of a storm is worth a picture: until all are back, else to the last attempt, with some room. */
export function stormSpan({ attempts }: FaultRecord, { recovery, lastsMs }: Aftermath): StormSpan {
  const { atMs, t50Ms, t90Ms, t99Ms, t100Ms, predicted } = recovery;
  const { binMs } = attempts;
  const end = Math.ceil((atMs + lastsMs) / binMs);
  const lastAttempt = attempts.attempts.slice(0, end).findLastIndex((count) => count > 0);
  const activeMs = Math.max(0, (lastAttempt + 1) * binMs - atMs);
  const known = t99Ms ?? t90Ms ?? t50Ms;
  const measuredMs = t100Ms ?? (known === null ? activeMs : Math.min(activeMs, known * MOST_OF_TAIL));
  const modelMs = Math.min(predicted?.t100Ms ?? 0, measuredMs * MOST_OF_MODEL);
  const wantedMs = Math.max(LEAST_MS, measuredMs * ROOM, modelMs) + binMs;
  const untilMs = Math.max(binMs, Math.min(wantedMs, lastsMs));
  return { fromMs: -Math.min(atMs, Math.max(500, untilMs * 0.06)), untilMs };
}
