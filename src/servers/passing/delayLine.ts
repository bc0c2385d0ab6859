import { nowUs } from '../../clock.js';

interface Waiting<Item> {
  readonly dueUs: number;
  readonly item: Item;
}

/** Releases what is put into it after a fixed time, never earlier, in the order in which it came: one timer for all. */
export class DelayLine<Item> {
  #waiting: Waiting<Item>[] = [];
  /** Those before it have been released. */
  #head = 0;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    private readonly delayUs: number,
    private readonly release: (item: Item) => void,
  ) {}

  add(item: Item): void {
    if (this.#stopped) return;
    this.#waiting.push({ dueUs: nowUs() + this.delayUs, item });
    if (this.#timer === null) this.#arm();
  }

  /** Releases nothing any more; returns what was still waiting. */
  stop(): Item[] {
    this.#stopped = true;
    clearTimeout(this.#timer ?? undefined);
    const left = this.#waiting.slice(this.#head).map(({ item }) => item);
    this.#waiting = [];
    this.#head = 0;
    return left;
  }

  #arm(): void {
    const next = this.#waiting[this.#head];
    this.#timer =
      next === undefined
        ? null
        : setTimeout(() => this.#releaseDue(), Math.max(0, Math.ceil((next.dueUs - nowUs()) / 1000)));
  }

  /** A timer may fire a little early: what is not due waits for the next one. */
  #releaseDue(): void {
    for (;;) {
      const next = this.#waiting[this.#head];
      if (next === undefined || next.dueUs > nowUs()) break;
      this.#head++;
      this.release(next.item);
    }
    this.#forgetReleased();
    this.#arm();
  }

  /** Seldom enough to cost nothing, often enough to keep no more than twice what waits. */
  #forgetReleased(): void {
    if (this.#head * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }
}
