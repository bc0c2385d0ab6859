import { Purpose } from '../patterns/pattern.js';
import { hashName, randomAt } from '../plan/random.js';
import { retryDelayUs } from '../policies/delay.js';
import type { ReconnectPolicy } from '../policies/policy.js';

const CONNECTIONS = 1000;
const RETRIES = 12;
/** More than any policy makes for one retry. */
const DRAWS_PER_RETRY = 4;

/** The delays of many connections before their retry `n`, in us. */
export interface RetryDelays {
  readonly n: number;
  readonly leastUs: number;
  readonly medianUs: number;
  readonly mostUs: number;
  /** Median of the time since the loss, as if attempts failed at once. */
  readonly sinceLossUs: number;
}

/** Draws the first retries of 1,000 connections that never succeed; as many as the policy makes. */
export function drawDelays({ name, delay, attempts }: ReconnectPolicy): RetryDelays[] {
  const population = hashName(name);
  const sinceLossUs = new Float64Array(CONNECTIONS);
  const previousUs = new Float64Array(CONNECTIONS);
  return Array.from({ length: Math.min(RETRIES, attempts ?? RETRIES) }, (_, n) => {
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      const draw = (purpose: number, k: number): number => randomAt(1, population, connection, purpose, k);
      previousUs[connection] = retryDelayUs(delay, {
        n,
        previousUs: previousUs[connection]!,
        sinceLossUs: sinceLossUs[connection]!,
        draw: (j) => draw(Purpose.reconnect, n * DRAWS_PER_RETRY + j),
        drawOnce: () => draw(Purpose.reconnectOnce, 0),
      });
      sinceLossUs[connection]! += previousUs[connection]!;
    }
    const sorted = previousUs.toSorted();
    return {
      n,
      leastUs: sorted[0]!,
      medianUs: medianOf(sorted),
      mostUs: sorted[CONNECTIONS - 1]!,
      sinceLossUs: medianOf(sinceLossUs.toSorted()),
    };
  });
}

function medianOf(sorted: Float64Array): number {
  return sorted[CONNECTIONS / 2]!;
}
