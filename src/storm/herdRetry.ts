import { Purpose } from '../patterns/pattern.js';
import { hashName, randomAt } from '../plan/random.js';
import { DRAWS_PER_RETRY, type Retry } from '../policies/policy.js';
import type { Group } from './group.js';

/** The next retry of a client: one object for all of a herd. It draws what the same retry draws in a run. */
export class HerdRetry implements Retry {
  n = 0;
  previousUs = 0;
  sinceLossUs = 0;
  private connection = 0;
  private readonly population: number;

  constructor(
    private readonly seed: number,
    name: string,
  ) {
    this.population = hashName(name);
  }

  /** Makes it that of a group whose loss, or whose attempt's failure, is known at an instant after the loss. */
  from({ connection, retries, previousUs }: Group, sinceLossUs: number): void {
    this.connection = connection;
    this.n = retries;
    this.previousUs = previousUs;
    this.sinceLossUs = sinceLossUs;
  }

  draw(j: number): number {
    const k = this.n * DRAWS_PER_RETRY + j;
    return randomAt(this.seed, this.population, this.connection, Purpose.reconnect, k);
  }

  drawOnce(): number {
    return randomAt(this.seed, this.population, this.connection, Purpose.reconnectOnce, 0);
  }
}
