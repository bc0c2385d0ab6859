import type { DialectSpec } from '../dialects/list.js';
import type { Path } from './problem.js';

/** What the patterns of a population depend on beside their own keys. */
export interface PatternSettings {
  /** Of the population, in the document. */
  readonly path: Path;
  /** Null when it could not be read. */
  readonly dialect: DialectSpec | null;
  readonly maxMessageBytes: number;
  /** Somebody publishes: then everybody receives. */
  readonly isBroadcast: boolean;
}
