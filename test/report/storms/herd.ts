/** A herd that lost its connections and comes back: small and exact enough to draw true storms from. */
import { type Random, random } from '../samples.js';

export interface HerdShape {
  readonly dropped: number;
  /** Attempts are refused until then. */
  readonly downMs: number;
  readonly acceptPerSecond: number;
  /** Delay before attempt n = 0, 1, 2, ... */
  readonly delayMs: (n: number, rng: Random) => number;
  /** After so many attempts a client gives up. */
  readonly attempts: number | null;
  /** When a client knows that its connection is lost. */
  readonly noticedMs: (rng: Random) => number;
  /** No attempt is made later. */
  readonly untilMs: number;
  readonly seed: number;
}

/** All times count from the fault's start. */
export interface Herd {
  readonly attemptsMs: readonly number[];
  readonly failures: ReadonlyArray<{ readonly cause: string; readonly atMs: number }>;
  /** Ascending. */
  readonly backMs: readonly number[];
  readonly noticedMs: readonly number[];
  readonly attemptsOfClient: readonly number[];
  readonly gaveUp: number;
}

const CONNECT_MS = 2;
const TIMEOUT_MS = 3000;

export function simulateHerd(shape: HerdShape): Herd {
  const rng = random(shape.seed);
  const noticedMs = Array.from({ length: shape.dropped }, () => shape.noticedMs(rng));
  const queue = noticedMs.map((ms) => ({ atMs: ms + shape.delayMs(0, rng), n: 0 }));
  const herd = {
    attemptsMs: [] as number[],
    failures: [] as Herd['failures'][number][],
    backMs: [] as number[],
  };
  const attemptsOfClient: number[] = [];
  let gaveUp = 0;
  let freeMs = shape.downMs;
  while (queue.length > 0) {
    queue.sort((a, b) => b.atMs - a.atMs);
    // All that fall due before the next could be queued again: sorting once per attempt would take minutes.
    const batch = queue.splice(-Math.max(1, Math.ceil(queue.length / 50))).reverse();
    for (const { atMs, n } of batch) {
      if (atMs > shape.untilMs) continue;
      herd.attemptsMs.push(atMs);
      const openMs = Math.max(freeMs, atMs) + 1000 / shape.acceptPerSecond + CONNECT_MS;
      if (atMs >= shape.downMs && openMs - atMs < TIMEOUT_MS) {
        freeMs = openMs - CONNECT_MS;
        if (openMs < shape.untilMs) {
          herd.backMs.push(openMs);
          attemptsOfClient.push(n + 1);
        }
        continue;
      }
      const isDown = atMs < shape.downMs;
      const endMs = atMs + (isDown ? CONNECT_MS : TIMEOUT_MS);
      herd.failures.push({ cause: isDown ? 'tcp:refused' : 'upgrade:timeout', atMs: endMs });
      if (shape.attempts !== null && n + 1 >= shape.attempts) gaveUp++;
      else queue.push({ atMs: endMs + shape.delayMs(n + 1, rng), n: n + 1 });
    }
  }
  herd.backMs.sort((a, b) => a - b);
  return { ...herd, noticedMs, attemptsOfClient, gaveUp };
}

export const policies = {
  'full-jitter': (n: number, rng: Random) => rng() * Math.min(30_000, 500 * 2 ** n),
  fixed: () => 5000,
  'socket.io': (n: number, rng: Random) => Math.min(5000, 1000 * 2 ** n * (0.5 + rng())),
  exponential: (n: number) => Math.min(30_000, 500 * 2 ** n),
} as const satisfies Record<string, HerdShape['delayMs']>;

/** How many of the times lie in each bin. */
export function binned(timesMs: readonly number[], binMs: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const ms of timesMs) {
    const bin = Math.floor(ms / binMs);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
