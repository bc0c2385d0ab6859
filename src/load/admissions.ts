import type { Scheduler } from './scheduler.js';

/** Watches over the time that applications take to let open connections in. */
export class Admissions {
  private readonly handler: number;
  /** How often each connection has opened: tells the deadline of an earlier time from that of this one. */
  private readonly stays: Int32Array;
  /** 1 when this time the connection was let in, or is known not to be. */
  private readonly isDecided: Uint8Array;

  /** @param onOverdue The connection was not let in in time; it may be gone. */
  constructor(
    connections: number,
    private readonly timeoutUs: number,
    private readonly scheduler: Scheduler,
    onOverdue: (connection: number) => void,
  ) {
    this.stays = new Int32Array(connections);
    this.isDecided = new Uint8Array(connections);
    this.handler = scheduler.register({
      onDue: (connection, stay) => {
        if (stay === this.stays[connection] && this.isDecided[connection] === 0) onOverdue(connection);
      },
    });
  }

  onOpened(connection: number, atUs: number): void {
    this.isDecided[connection] = 0;
    const stay = ++this.stays[connection]!;
    this.scheduler.schedule(this.handler, connection, stay, atUs + this.timeoutUs);
  }

  /** The connection was let in, refused, or is gone. */
  decide(connection: number): void {
    this.isDecided[connection] = 1;
  }
}
