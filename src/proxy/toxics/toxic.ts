import type { Entrance } from '../entrance.js';
import type { Pair } from '../pair.js';

/** One fault while it is in force. */
export type Toxic = EntranceToxic | ConnectionToxic;

/** Falls on the place where connections come in. */
export interface EntranceToxic {
  readonly on: 'entrance';
  /** Resolves when it is in force. */
  begin(entrance: Entrance): Promise<void>;
  /** Resolves when it is no longer. */
  end(entrance: Entrance): Promise<void>;
}

/** Falls on a share of the connections: of those that are open when it begins, and of those that come after. */
export interface ConnectionToxic {
  readonly on: 'connections';
  /** 0 to 1. */
  readonly share: number;
  take(pair: Pair): void;
  /** Called for other connections too, which it leaves as they are. */
  release(pair: Pair): void;
}
