import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter } from '../metrics/recorder.js';
import { NONE, OutboxRings } from './outboxRings.js';
import type { PatternContext } from './pattern.js';
import { DEADLINE } from './periodic.js';
import type { AcknowledgeOptions } from './publish.js';

/**
 * Sends one message; false, having sent nothing, when the connection takes no more for now.
 * @param firstUs When it was sent for the first time: now, if `isFirst`.
 */
export type Transmit = (
  connection: number,
  sequence: number,
  dueUs: number,
  room: number,
  variant: number,
  firstUs: number,
  isFirst: boolean,
) => boolean;

/** How soon to try again when a connection takes no more. */
const BLOCKED_US = 50_000;

/**
 * Reliable publishing: keeps what a publisher has sent until the server acknowledges it, and what it could not send
 * until it is connected. Messages go out in their order, again after `resendAfterUs` without an acknowledgement, and
 * again whenever the connection comes back.
 *
 *     added = acknowledged + unacknowledged + never sent
 */
export class Outbox {
  private readonly rings: OutboxRings;
  private readonly connected: Uint8Array;
  /** When the connection's deadlines are looked at next; 0 for never. */
  private readonly lookUs: Float64Array;
  private readonly acknowledged: Counter;
  private readonly unacknowledged: Counter;
  private readonly resent: Counter;
  private readonly queued: Counter;
  private readonly overflowed: Counter;
  private readonly response: IntervalHistogram;
  /** Messages of connected publishers that are not acknowledged. */
  awaited = 0;

  constructor(
    private readonly context: PatternContext,
    private readonly options: AcknowledgeOptions,
    private readonly transmit: Transmit,
  ) {
    this.rings = new OutboxRings(context.connections, options.queue);
    this.connected = new Uint8Array(context.connections);
    this.lookUs = new Float64Array(context.connections);
    this.acknowledged = context.counter('acknowledge.acknowledged');
    this.unacknowledged = context.counter('acknowledge.unacknowledged');
    this.resent = context.counter('acknowledge.resent');
    this.queued = context.counter('acknowledge.queued');
    this.overflowed = context.counter('acknowledge.overflowed');
    this.response = context.histogram('acknowledge.response');
  }

  /**
   * A message was due: sends it now if that is possible, else as soon as it is. False, having taken nothing, when the
   * queue is full. `sequence` is that of the one before plus one; the first is 0.
   */
  add(
    connection: number,
    sequence: number,
    dueUs: number,
    room: number,
    variant: number,
    nowUs: number,
  ): boolean {
    const { rings } = this;
    if (sequence !== rings.nextSequence(connection)) {
      throw new Error(`message ${sequence} instead of ${rings.nextSequence(connection)}`);
    }
    if (rings.isFull(connection)) {
      this.overflowed.value++;
      return false;
    }
    const isNext = rings.nextToSend(connection) === NONE;
    rings.add(connection, dueUs, room, variant);
    if (this.connected[connection] === 1) this.awaited++;
    if (!this.takes(connection)) this.queued.value++;
    // Behind others that the connection did not take it waits with them.
    else if (isNext && this.sendNew(connection, nowUs)) this.lookAtLongestWaiting(connection);
    return true;
  }

  /** A publisher may publish, for the first time or again. */
  onReady(connection: number, nowUs: number): void {
    if (this.connected[connection] === 0) this.awaited += this.rings.count(connection);
    this.connected[connection] = 1;
    this.rings.restart(connection);
    this.carryOn(connection, nowUs);
  }

  /** The server has a message; what it says twice, or of messages that it cannot have, counts for nothing. */
  onAcknowledged(connection: number, sequence: number, receivedUs: number): void {
    const { rings } = this;
    const slot = rings.findSent(connection, sequence);
    if (slot === NONE) return;
    this.acknowledged.value++;
    this.response.record(receivedUs - rings.dueUs[slot]!);
    rings.remove(connection, slot);
    if (this.connected[connection] === 1) this.awaited--;
  }

  /** What was scheduled as `DEADLINE` is due. */
  onDue(connection: number, nowUs: number): void {
    // A sooner look has replaced this one.
    if (nowUs < this.lookUs[connection]!) return;
    this.lookUs[connection] = 0;
    this.carryOn(connection, nowUs);
  }

  onClose(connection: number): void {
    if (this.connected[connection] === 1) this.awaited -= this.rings.count(connection);
    this.connected[connection] = 0;
  }

  /** Nothing is sent for the first time any more. Returns how many messages never were, which are forgotten. */
  stop(): number {
    let neverSent = 0;
    for (let connection = 0; connection < this.context.connections; connection++) {
      const dropped = this.rings.dropNeverSent(connection);
      neverSent += dropped;
      if (this.connected[connection] === 1) this.awaited -= dropped;
    }
    return neverSent;
  }

  /** The run is over, after a stop: what is not acknowledged stays so, and is at least as old as it is now. */
  finish(nowUs: number): void {
    const { rings } = this;
    for (let connection = 0; connection < this.context.connections; connection++) {
      for (let slot = rings.oldestSlot(connection); slot !== NONE; slot = rings.oldestSlot(connection)) {
        this.unacknowledged.value++;
        this.response.recordCensored(nowUs - rings.dueUs[slot]!);
        rings.remove(connection, slot);
      }
    }
    this.awaited = 0;
  }

  private takes(connection: number): boolean {
    return this.connected[connection] === 1 && this.context.isReady(connection);
  }

  private carryOn(connection: number, nowUs: number): void {
    if (!this.takes(connection)) return;
    if (this.sendNew(connection, nowUs) && this.sendOverdue(connection, nowUs)) {
      this.lookAtLongestWaiting(connection);
    }
  }

  /** Sends what was not sent since the connection is up. False when not all of it was taken. */
  private sendNew(connection: number, nowUs: number): boolean {
    const { rings } = this;
    for (let slot = rings.nextToSend(connection); slot !== NONE; slot = rings.nextToSend(connection)) {
      if (!this.send(connection, slot, nowUs)) return false;
      rings.noteSent(connection, nowUs);
    }
    return true;
  }

  /** Sends again what has waited too long since its latest sending. False when not all of it was taken. */
  private sendOverdue(connection: number, nowUs: number): boolean {
    const { rings } = this;
    for (
      let slot = rings.longestWaiting(connection);
      slot !== NONE && rings.lastSentUs(slot) + this.options.resendAfterUs <= nowUs;
      slot = rings.longestWaiting(connection)
    ) {
      if (!this.send(connection, slot, nowUs)) return false;
      rings.noteSentAgain(connection, nowUs);
    }
    return true;
  }

  private send(connection: number, slot: number, nowUs: number): boolean {
    const { rings } = this;
    const isFirst = !rings.wasSent(slot);
    const sent = this.transmit(
      connection,
      rings.sequenceOf(connection, slot),
      rings.dueUs[slot]!,
      rings.rooms[slot]!,
      rings.variants[slot]!,
      isFirst ? nowUs : rings.firstSentUs(slot),
      isFirst,
    );
    if (!sent) this.lookAt(connection, nowUs + BLOCKED_US);
    else if (!isFirst) this.resent.value++;
    return sent;
  }

  private lookAtLongestWaiting(connection: number): void {
    const slot = this.rings.longestWaiting(connection);
    if (slot !== NONE) this.lookAt(connection, this.rings.lastSentUs(slot) + this.options.resendAfterUs);
  }

  private lookAt(connection: number, atUs: number): void {
    const lookUs = this.lookUs[connection]!;
    if (lookUs !== 0 && lookUs <= atUs) return;
    this.lookUs[connection] = atUs;
    this.context.schedule(connection, DEADLINE, atUs);
  }
}
