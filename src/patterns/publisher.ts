import type { PopulationDelivery } from '../delivery/populationDelivery.js';
import { LOBBY_ROOM } from '../delivery/topology.js';
import { LOBBY } from '../dialects/dialect.js';
import type { IntervalHistogram } from '../metrics/histogram.js';
import type { Counter } from '../metrics/recorder.js';
import { Outbox, type Transmit } from './outbox.js';
import { type PatternContext, Purpose } from './pattern.js';
import { Payloads } from './payloads.js';
import type { PublishOptions } from './publish.js';

/**
 * Writes messages and sends them to rooms. What falls due is planned, and then
 *
 *     planned = published + skipped + unsentWhileDisconnected
 */
export class Publisher {
  private readonly delivery: PopulationDelivery;
  private readonly payloads: Payloads;
  private readonly planned: Counter;
  private readonly skipped: Counter;
  private readonly unsent: Counter;
  private readonly sendLag: IntervalHistogram;
  /** Null: what cannot be sent when it is due is not sent at all. */
  private readonly outbox: Outbox | null;
  /** What is sent now is sent when it was due, or as soon after as the generator could. */
  private isDue = false;
  /** One reused object: see `MessageId`. */
  private readonly id = { publisher: 0, sequence: 0 };

  constructor(
    private readonly options: PublishOptions,
    private readonly context: PatternContext,
  ) {
    if (context.delivery === null) throw new Error('a population publishes without accounts');
    this.delivery = context.delivery;
    this.payloads = new Payloads(options.payload, (k) => context.random(0, Purpose.payload, k));
    this.planned = context.counter('broadcast.planned');
    this.skipped = context.counter('broadcast.skipped');
    this.unsent = context.counter('broadcast.unsentWhileDisconnected');
    this.sendLag = context.histogram('broadcast.sendLag');
    this.outbox =
      options.acknowledge === null ? null : new Outbox(context, options.acknowledge, this.transmit);
  }

  /** Acknowledgements awaited. */
  get awaited(): number {
    return this.outbox?.awaited ?? 0;
  }

  /** A message was due at `dueUs`. */
  publish(connection: number, dueUs: number, nowUs: number): void {
    const { context, delivery, outbox } = this;
    this.planned.value++;
    if (outbox === null && !(context.isReady(connection) && delivery.isPresent(connection))) {
      this.unsent.value++;
      return;
    }
    const sequence = delivery.nextSequence(connection);
    const room = this.options.room ?? delivery.roomOf(connection, sequence % delivery.places);
    const variant = this.payloads.variantOf(context.random(connection, Purpose.publishSize, sequence));
    this.isDue = true;
    const taken =
      outbox === null
        ? this.transmit(connection, sequence, dueUs, room, variant, nowUs, true)
        : outbox.add(connection, sequence, dueUs, room, variant, nowUs);
    this.isDue = false;
    if (taken) delivery.takeSequence(connection);
    else this.skipped.value++;
  }

  /** The connection is in its rooms. */
  onAdmitted(connection: number, nowUs: number): void {
    this.outbox?.onReady(connection, nowUs);
  }

  onAcknowledged(connection: number, sequence: number, receivedUs: number): void {
    this.outbox?.onAcknowledged(connection, sequence, receivedUs);
  }

  onDeadline(connection: number, nowUs: number): void {
    this.outbox?.onDue(connection, nowUs);
  }

  onClose(connection: number): void {
    this.outbox?.onClose(connection);
  }

  /** Nothing is published any more; what was, is still sent again. */
  stop(): void {
    this.unsent.value += this.outbox?.stop() ?? 0;
  }

  finish(nowUs: number): void {
    this.outbox?.finish(nowUs);
  }

  /**
   * Writes and sends a message; false when the connection takes no more for now.
   * @param firstUs When it is or was sent for the first time: every copy says the same.
   */
  private readonly transmit: Transmit = (connection, sequence, dueUs, room, variant, firstUs, isFirst) => {
    const { delivery, id, context } = this;
    id.publisher = delivery.publisherOf(connection);
    id.sequence = sequence;
    const payload = this.payloads.fill(variant, id.publisher, sequence);
    delivery.stamp(payload, 0, connection, room, sequence, dueUs, firstUs);
    const message = context.dialect.writePublish(connection, room === LOBBY_ROOM ? LOBBY : room, payload, id);
    if (!context.send(connection, message, this.options.payload.binary)) return false;
    if (isFirst) delivery.notePublished(connection, room, firstUs);
    // What had to wait for its connection is late for no fault of the generator.
    if (isFirst && this.isDue) this.sendLag.record(firstUs - dueUs);
    return true;
  };
}
