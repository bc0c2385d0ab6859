import { EventKind } from '../../src/dialects/dialect.js';
import { Outbox } from '../../src/patterns/outbox.js';
import type { Pattern, PatternContext } from '../../src/patterns/pattern.js';
import { HandDrivenShard } from './shard.js';

export const MS = 1000;
export const RESEND_US = 100 * MS;
/** The longest that a connection which takes bytes again is left alone. */
export const BLOCKED_US = 50 * MS;

export interface Transmission {
  readonly connection: number;
  readonly sequence: number;
  readonly dueUs: number;
  readonly room: number;
  readonly variant: number;
  readonly firstUs: number;
  readonly isFirst: boolean;
  readonly atUs: number;
}

/** A pattern that is nothing but its outbox. */
export class Mail {
  readonly sent: Transmission[] = [];
  readonly shard: HandDrivenShard;
  outbox!: Outbox;
  neverSent = 0;
  private readonly next: number[];

  constructor(queue: number, connections = 1) {
    this.next = new Array<number>(connections).fill(0);
    this.shard = new HandDrivenShard(connections, (context) => this.pattern(context, queue));
  }

  private pattern(context: PatternContext, queue: number): Pattern {
    const outbox = new Outbox(
      context,
      { resendAfterUs: RESEND_US, queue },
      (connection, sequence, dueUs, room, variant, firstUs, isFirst) => {
        if (!context.send(connection, Buffer.from(`${sequence}`), false)) return false;
        const atUs = context.nowUs();
        this.sent.push({ connection, sequence, dueUs, room, variant, firstUs, isFirst, atUs });
        return true;
      },
    );
    this.outbox = outbox;
    return {
      onReady: (connection, nowUs) => outbox.onReady(connection, nowUs),
      onDue: (connection, _k, _dueUs, nowUs) => outbox.onDue(connection, nowUs),
      onEvent: (connection, event, receivedUs) =>
        outbox.onAcknowledged(connection, event.sequence, receivedUs),
      onClose: (connection) => outbox.onClose(connection),
      onPhase() {},
      stop: () => {
        this.neverSent = outbox.stop();
      },
      finish: (nowUs) => outbox.finish(nowUs),
      get awaited() {
        return outbox.awaited;
      },
    };
  }

  /** A message falls due; false when the queue is full. */
  add(connection = 0, lateUs = 0): boolean {
    const sequence = this.next[connection]!;
    const { now } = this.shard;
    const added = this.outbox.add(connection, sequence, now - lateUs, sequence % 3, sequence % 5, now);
    if (added) this.next[connection]!++;
    return added;
  }

  acknowledge(sequence: number, connection = 0): void {
    this.shard.event(connection, { kind: EventKind.acknowledged, sequence });
  }

  /** The sequence numbers sent since the last call. */
  take(): number[] {
    return this.sent.splice(0).map(({ sequence }) => sequence);
  }
}
