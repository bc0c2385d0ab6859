/** Percent of the dropped whose return is timed. */
const PERCENTS = [50, 90, 99, 100] as const;

/** What becomes of the clients of one population, or of all. */
export class Tally {
  attempts = 0;
  opens = 0;
  failures = 0;
  gaveUp = 0;
  /** When each of `PERCENTS` was open again, as far as they were. */
  private readonly reachedUs: number[] = [];

  constructor(readonly dropped: number) {}

  /** Opens are told in the order of time. */
  opened(atUs: number): void {
    this.opens++;
    while (this.opens * 100 >= PERCENTS[this.reachedUs.length]! * this.dropped) this.reachedUs.push(atUs);
  }

  /** Adds another's counts, but for opens: of these the times differ. */
  add(part: Tally): void {
    this.attempts += part.attempts;
    this.failures += part.failures;
    this.gaveUp += part.gaveUp;
  }

  get stillOut(): number {
    return this.dropped - this.opens - this.gaveUp;
  }

  /** In ms from the fault's start; null when it is never reached. */
  get times(): Record<'t50Ms' | 't90Ms' | 't99Ms' | 't100Ms', number | null> {
    const reachedMs = this.reachedUs.map((us) => Math.round(us) / 1000);
    const [t50Ms = null, t90Ms = null, t99Ms = null, t100Ms = null] = reachedMs;
    return { t50Ms, t90Ms, t99Ms, t100Ms };
  }
}
