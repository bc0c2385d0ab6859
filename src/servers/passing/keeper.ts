import type { DeliveryLedger } from '../deliveryLedger.js';
import type { Peer } from '../peer.js';
import { DelayLine } from './delayLine.js';
import type { Delivery } from './delivery.js';
import type { Outgoing } from './outgoing.js';

/** Somebody who may be away for a while. */
export interface Member {
  /** By which a client is known again on its next connection; null: it has none, and is forgotten when it goes. */
  readonly name: string | null;
  /** Null while it is away. */
  peer: Peer | null;
  /** What it has not acknowledged, by id, oldest first. */
  readonly kept: Map<string, Kept>;
}

interface Kept {
  readonly id: string;
  readonly message: Outgoing;
  /** How often it was handed over to be sent. */
  sends: number;
}

/** A sending that may turn out to have been in vain. */
interface Sending {
  readonly member: Member;
  readonly kept: Kept;
  /** Which one it is. */
  readonly number: number;
}

/** Sends messages again, after a time or when their member is back, until they are acknowledged. */
export class Keeper {
  readonly #unacknowledged: DelayLine<Sending>;

  constructor(
    private readonly ledger: DeliveryLedger,
    private readonly delivery: Delivery,
    resendAfterUs: number,
  ) {
    this.#unacknowledged = new DelayLine(resendAfterUs, (sending) => this.#check(sending));
  }

  /** Sends a message to those who are there and keeps it for all. */
  send(id: string, message: Outgoing, members: Iterable<Member>): void {
    const receivers: Peer[] = [];
    for (const member of members) {
      const kept = { id, message, sends: 0 };
      member.kept.set(id, kept);
      if (!isHere(member)) continue;
      receivers.push(member.peer);
      this.#awaitAcknowledgement(member, kept);
    }
    this.delivery.deliver(message, receivers);
  }

  acknowledge(member: Member, id: string): void {
    member.kept.delete(id);
  }

  /** Sends everything that is kept for a member who has come back, in order. */
  resume(member: Member): void {
    for (const kept of member.kept.values()) this.#sendKept(member, kept);
  }

  stop(): void {
    this.#unacknowledged.stop();
  }

  /** Acknowledged meanwhile, or sent again since by `resume`: then there is nothing to do. */
  #check({ member, kept, number }: Sending): void {
    if (member.kept.get(kept.id) === kept && kept.sends === number) this.#sendKept(member, kept);
  }

  #sendKept(member: Member, kept: Kept): void {
    if (!isHere(member)) return;
    if (kept.sends > 0) this.ledger.resent++;
    this.#awaitAcknowledgement(member, kept);
    this.delivery.deliver(kept.message, [member.peer]);
  }

  #awaitAcknowledgement(member: Member, kept: Kept): void {
    kept.sends++;
    this.#unacknowledged.add({ member, kept, number: kept.sends });
  }
}

function isHere(member: Member): member is Member & { readonly peer: Peer } {
  return member.peer !== null && member.peer.readyState === member.peer.OPEN;
}
