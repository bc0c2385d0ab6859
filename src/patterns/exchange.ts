import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter } from '../metrics/recorder.js';
import { InFlight } from './inFlight.js';
import type { PatternContext } from './pattern.js';
import { DEADLINE } from './periodic.js';

/**
 * The books of messages that each expect one answer. What falls due is planned, and then sent, skipped or
 * missed; what is sent ends up answered or unanswered:
 *
 *     planned = sent + skipped + missedWhileDisconnected      sent = answered + unanswered
 *
 * An unanswered message stands in the response histogram at its deadline, which its true response exceeds.
 */
export class Exchange {
  private readonly inFlight: InFlight;
  /** 1 while a look at the connection's deadlines is scheduled: one at a time, however much it sends. */
  private readonly watched: Uint8Array;
  private readonly planned: Counter;
  private readonly sent: Counter;
  private readonly answered: Counter;
  private readonly unanswered: Counter;
  private readonly skipped: Counter;
  private readonly missed: Counter;
  private readonly sendLag: IntervalHistogram;
  private readonly service: IntervalHistogram;
  private readonly response: IntervalHistogram;
  private readonly collateral: PatternContext['collateral'];

  constructor(
    private readonly context: PatternContext,
    name: 'heartbeat' | 'echo',
    private readonly timeoutUs: number,
    inFlightPerConnection: number,
    /** Writes message `sequence`; false when the connection takes no more for now. */
    private readonly write: (connection: number, sequence: number) => boolean,
  ) {
    this.inFlight = new InFlight(context.connections, inFlightPerConnection);
    this.watched = new Uint8Array(context.connections);
    this.planned = context.counter(`${name}.planned`);
    this.sent = context.counter(`${name}.sent`);
    this.answered = context.counter(`${name}.answered`);
    this.unanswered = context.counter(`${name}.unanswered`);
    this.skipped = context.counter(`${name}.skipped`);
    this.missed = context.counter(`${name}.missedWhileDisconnected`);
    this.sendLag = context.histogram(`${name}.sendLag`);
    this.service = context.histogram(`${name}.service`);
    this.response = context.histogram(`${name}.response`);
    this.collateral = context.collateral;
  }

  get awaited(): number {
    return this.inFlight.total;
  }

  isIdle(connection: number): boolean {
    return this.inFlight.isEmpty(connection);
  }

  /** A message was due at `dueUs`: sends it if that is possible. True when it was sent. */
  send(connection: number, dueUs: number, nowUs: number): boolean {
    this.planned.value++;
    if (!this.context.isReady(connection)) {
      this.missed.value++;
      return false;
    }
    const { inFlight } = this;
    if (inFlight.isFull(connection) || !this.write(connection, inFlight.nextSequence(connection))) {
      this.skipped.value++;
      return false;
    }
    inFlight.add(connection, dueUs, nowUs);
    this.sent.value++;
    this.sendLag.record(nowUs - dueUs);
    if (this.watched[connection] === 0) this.watch(connection, nowUs + this.timeoutUs);
    return true;
  }

  /** An answer came in. True when it was in time. */
  answer(connection: number, sequence: number, receivedUs: number): boolean {
    const { inFlight } = this;
    if (!inFlight.take(connection, sequence)) return false;
    if (receivedUs - inFlight.takenSentUs > this.timeoutUs) {
      this.recordUnanswered(connection);
      return false;
    }
    this.answered.value++;
    this.service.record(receivedUs - inFlight.takenSentUs);
    const responseUs = receivedUs - inFlight.takenDueUs;
    this.response.record(responseUs);
    if (this.collateral !== null && this.collateral.fates[connection] === 0)
      this.collateral.response.record(responseUs);
    return true;
  }

  /**
   * Gives up what is past its deadline. True when there was any.
   * @param endsIt Whether the connection is ended for it: then it is not one that a fault has spared.
   */
  checkDeadlines(connection: number, nowUs: number, endsIt: boolean): boolean {
    const { inFlight, timeoutUs } = this;
    this.watched[connection] = 0;
    let expired = false;
    while (!inFlight.isEmpty(connection)) {
      const deadlineUs = inFlight.oldestSentUs(connection) + timeoutUs;
      if (deadlineUs > nowUs) {
        this.watch(connection, deadlineUs);
        break;
      }
      inFlight.takeOldest(connection);
      this.recordUnanswered(endsIt ? null : connection);
      expired = true;
    }
    return expired;
  }

  /** The connection is gone, and what it still awaited with it. */
  abandon(connection: number): void {
    while (!this.inFlight.isEmpty(connection)) {
      this.inFlight.takeOldest(connection);
      this.recordUnanswered(connection);
    }
  }

  abandonAll(): void {
    for (let connection = 0; connection < this.context.connections; connection++) this.abandon(connection);
  }

  private recordUnanswered(spared: number | null): void {
    const atLeastUs = this.inFlight.takenSentUs + this.timeoutUs - this.inFlight.takenDueUs;
    this.unanswered.value++;
    this.response.recordCensored(atLeastUs);
    if (spared !== null && this.collateral !== null && this.collateral.fates[spared] === 0)
      this.collateral.response.recordCensored(atLeastUs);
  }

  private watch(connection: number, deadlineUs: number): void {
    this.watched[connection] = 1;
    this.context.schedule(connection, DEADLINE, deadlineUs);
  }
}
