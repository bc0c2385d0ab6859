type Listener<Message> = (message: Message) => void;

/** What one server has of a bus. */
export interface Bus<Message> {
  /** Tells everybody on the bus, oneself first. */
  tell(message: Message): void;
  leave(): void;
}

/** Joins servers of one process that speak the same protocol: those on a bus of one name hear each other. */
export class Buses<Message> {
  readonly #listeners = new Map<string, Set<Listener<Message>>>();

  /** @param name Null: alone. */
  join(name: string | null, listener: Listener<Message>): Bus<Message> {
    if (name === null) return { tell: listener, leave: () => {} };
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return {
      tell: (message) => {
        listener(message);
        for (const other of listeners) if (other !== listener) other(message);
      },
      leave: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(name);
      },
    };
  }
}
