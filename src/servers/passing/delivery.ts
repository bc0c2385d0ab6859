import { createRandom } from '../../sequence.js';
import type { DeliveryLedger } from '../deliveryLedger.js';
import { keepBusy } from '../keepBusy.js';
import type { PassingOptions } from '../passingOptions.js';
import type { Peer } from '../peer.js';
import { DelayLine } from './delayLine.js';
import { HeldCopies } from './heldCopies.js';
import { Injection } from './injection.js';
import type { Outgoing } from './outgoing.js';
import { SlowClients } from './slowClients.js';
import { corrupt, truncate } from './spoil.js';

interface Delayed {
  readonly message: Outgoing;
  readonly receivers: readonly Peer[];
}

/**
 * The way of every copy from the server to its receiver: delayed, worked on, kept from the slow, spoiled on purpose, as
 * the options ask for. The ledger says of each copy what became of it.
 */
export class Delivery {
  /** The longest queue in front of a client that a copy was ever added to. */
  longestQueueBytes = 0;

  readonly #random: () => number;
  readonly #injection: Injection | null;
  readonly #held: HeldCopies;
  readonly #slow: SlowClients;
  readonly #delay: DelayLine<Delayed> | null;
  readonly #workUs: number;

  constructor(
    private readonly ledger: DeliveryLedger,
    { inject, seed, delayUs, workUs, slow }: PassingOptions,
  ) {
    this.#random = createRandom(seed);
    this.#injection = inject === null ? null : new Injection(inject, this.#random);
    this.#held = new HeldCopies((receiver, message) => this.#send(receiver, message));
    this.#slow = new SlowClients(slow);
    this.#delay =
      delayUs === 0
        ? null
        : new DelayLine(delayUs, ({ message, receivers }) => this.#sendToAll(message, receivers));
    this.#workUs = workUs;
  }

  /** Sends a copy of the message to each of those who are open when it leaves. */
  deliver(message: Outgoing, receivers: Iterable<Peer>): void {
    if (this.#delay === null) this.#sendToAll(message, receivers);
    else this.#delay.add({ message, receivers: [...receivers] });
  }

  /** What was to be overtaken goes, what was to be delayed does not. */
  stop(): void {
    this.#delay?.stop();
    this.#held.stop();
    this.#slow.stop();
  }

  #sendToAll(message: Outgoing, receivers: Iterable<Peer>): void {
    for (const receiver of receivers) {
      if (receiver.readyState !== receiver.OPEN) continue;
      if (this.#workUs > 0) keepBusy(this.#workUs);
      if (this.#slow.turnsAway(receiver)) this.ledger.droppedSlow++;
      else if (this.#injection === null) this.#send(receiver, message);
      else this.#sendSpoiled(receiver, message, this.#injection);
    }
  }

  #sendSpoiled(receiver: Peer, message: Outgoing, injection: Injection): void {
    const fate = injection.draw();
    switch (fate) {
      case 'lose':
        this.ledger.lost++;
        return;
      case 'reorder':
        this.#held.hold(receiver, message);
        return;
      case 'truncate':
        this.ledger.truncated++;
        this.#send(receiver, truncate(message));
        return;
      case 'corrupt':
        this.#sendCorrupted(receiver, message);
        return;
      case 'duplicate':
        this.ledger.duplicated++;
        this.#send(receiver, message);
    }
    this.#send(receiver, message);
    this.#sendOvertaken(receiver, message);
  }

  #sendCorrupted(receiver: Peer, message: Outgoing): void {
    const corrupted = corrupt(message, this.#random);
    if (corrupted !== null) this.ledger.corrupted++;
    this.#send(receiver, corrupted ?? message);
  }

  #sendOvertaken(receiver: Peer, by: Outgoing): void {
    for (const message of this.#held.takeOvertaken(receiver, by)) {
      if (this.#send(receiver, message)) this.ledger.reordered++;
    }
  }

  #send(receiver: Peer, message: Outgoing): boolean {
    if (!receiver.sendPrepared(message)) return false;
    this.ledger.delivered++;
    this.longestQueueBytes = Math.max(this.longestQueueBytes, receiver.bufferedAmount);
    return true;
  }
}
