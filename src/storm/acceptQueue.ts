/** Above rounding errors of sums of microseconds, below anything that matters. */
const ROUNDING = 1e-6;

/**
 * The server's end: handshakes wait in a queue of finite length and are served one after the other, each in the same
 * time. Since that time is fixed, when each of them will be done is known as soon as it is let in.
 */
export class AcceptQueue {
  private readonly serviceUs: number;
  /** Start of the present busy period, and handshakes let in since. */
  private busySinceUs = 0;
  private admitted = 0;

  constructor(
    perSecond: number,
    /** Handshakes that may be inside at once, the one being served among them. */
    private readonly length: number,
  ) {
    this.serviceUs = 1_000_000 / perSecond;
  }

  /** Lets in as many of `count` as there is room for, and returns how many; they are served even if nobody waits for them. */
  admit(count: number, nowUs: number): number {
    if (this.doneUs(0) <= nowUs) {
      this.busySinceUs = nowUs;
      this.admitted = 0;
    }
    const inside = Math.ceil((this.doneUs(0) - nowUs) / this.serviceUs - ROUNDING);
    const admitted = Math.min(count, Math.max(0, this.length - inside));
    this.admitted += admitted;
    return admitted;
  }

  /** Until then there is no room for anybody. */
  get fullUntilUs(): number {
    return this.doneUs(this.length - 1) - ROUNDING * this.serviceUs;
  }

  /** When the last one let in will be done, or the one that is `fromLast` before it. */
  doneUs(fromLast: number): number {
    return this.busySinceUs + (this.admitted - fromLast) * this.serviceUs;
  }
}
