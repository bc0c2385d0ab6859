import { ALARM_RATE } from './compare.js';
import { LEAST_RUNS } from './question.js';

/**
 * Two-sided levels of the looks at a comparison that may end before its last round: each look is a chance of a false alarm, so that
 * they share what there is. Half of it goes to the last look, the other half evenly to those before it (Bonferroni).
 */
export class Looks {
  /** The level of the look before the next. */
  latest = 0;
  private spent = 0;
  private readonly early: number;

  constructor(rounds: number) {
    this.early = rounds > LEAST_RUNS ? ALARM_RATE / (rounds - LEAST_RUNS) : 0;
  }

  /** At a look after which the rounds may go on. */
  next(): number {
    this.spent += this.early;
    this.latest = this.early;
    return this.latest;
  }

  /** At the last look, whenever that is: what is left. */
  last(): number {
    return 2 * ALARM_RATE - this.spent;
  }
}
