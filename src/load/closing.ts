/**
 * Close handshakes under way at once in one population and worker. Both ends of hundreds of thousands of connections
 * take minutes to close them: all at once, the last would seem not to answer.
 */
const MOST_UNDER_WAY = 256;

/** Closes the connections of one population, so many at a time, so that answers are read in between. */
export class Closing {
  private next = 0;
  private underWay = 0;
  private begun = false;

  constructor(
    private readonly connections: number,
    /** True when the connection was open, and will tell when it has ended. */
    private readonly close: (connection: number) => boolean,
  ) {}

  begin(): void {
    this.begun = true;
    this.goOn();
  }

  /** A connection has ended, whoever ended it. */
  onEnded(): void {
    if (!this.begun) return;
    this.underWay = Math.max(0, this.underWay - 1);
    this.goOn();
  }

  private goOn(): void {
    while (this.underWay < MOST_UNDER_WAY && this.next < this.connections) {
      if (this.close(this.next++)) this.underWay++;
    }
  }
}
