import type { Peer } from '../peer.js';
import { DelayLine } from './delayLine.js';
import type { Outgoing } from './outgoing.js';

/** A copy that nothing overtakes goes after that time all the same. */
const HELD_AT_MOST_US = 200_000;

/** A copy that waits to be overtaken. */
interface HeldCopy {
  readonly receiver: Peer;
  readonly message: Outgoing;
}

/**
 * Copies held back until a later message of the same sender has gone to the same receiver: what others say meanwhile
 * overtakes nothing, since only one sender's messages have an order that a receiver can know.
 */
export class HeldCopies {
  readonly #heldFor = new Map<Peer, Set<HeldCopy>>();
  readonly #deadline: DelayLine<HeldCopy>;

  /** @param letGo Sends a copy that nothing has overtaken. */
  constructor(private readonly letGo: (receiver: Peer, message: Outgoing) => void) {
    this.#deadline = new DelayLine(HELD_AT_MOST_US, (copy) => {
      if (this.#take(copy)) this.letGo(copy.receiver, copy.message);
    });
  }

  hold(receiver: Peer, message: Outgoing): void {
    const copy = { receiver, message };
    const held = this.#heldFor.get(receiver);
    if (held === undefined) this.#heldFor.set(receiver, new Set([copy]));
    else held.add(copy);
    this.#deadline.add(copy);
  }

  /** Takes out what a message that has just gone to `receiver` has overtaken, in order. */
  takeOvertaken(receiver: Peer, { sender, number }: Outgoing): Outgoing[] {
    const held = this.#heldFor.get(receiver);
    if (held === undefined) return [];
    const overtaken = [...held].filter(({ message }) => message.sender === sender && message.number < number);
    for (const copy of overtaken) this.#take(copy);
    return overtaken.map(({ message }) => message);
  }

  /** Lets all of them go. */
  stop(): void {
    this.#deadline.stop();
    for (const held of this.#heldFor.values()) {
      for (const { receiver, message } of held) this.letGo(receiver, message);
    }
    this.#heldFor.clear();
  }

  /** False when it is no longer held. */
  #take(copy: HeldCopy): boolean {
    const held = this.#heldFor.get(copy.receiver);
    const wasHeld = held?.delete(copy) ?? false;
    if (held?.size === 0) this.#heldFor.delete(copy.receiver);
    return wasHeld;
  }
}
