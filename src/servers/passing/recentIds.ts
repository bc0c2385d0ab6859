/** Remembers at least the last `capacity` identifiers that were added, and at most twice as many. */
export class RecentIds {
  #recent = new Set<string>();
  #older: ReadonlySet<string> = new Set();

  constructor(private readonly capacity: number) {}

  has(id: string): boolean {
    return this.#recent.has(id) || this.#older.has(id);
  }

  add(id: string): void {
    if (this.#recent.size >= this.capacity) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(id);
  }
}
