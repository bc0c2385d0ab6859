import type { BookEntry } from './targetRecord.js';

/** By how much the server may have counted more than we have, and less. */
export interface Bounds {
  readonly more: number;
  readonly less: number;
}

/** A line of the books: equal, but for what the bounds allow. */
export function bookEntry(what: string, server: number, ours: number, { more, less }: Bounds): BookEntry {
  const difference = Math.abs(server - ours);
  const inFlight = Math.min(difference, server > ours ? more : less);
  return { what, server, ours, inFlight, balanced: inFlight === difference };
}
