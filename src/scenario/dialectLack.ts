import { dialectName } from '../dialects/abilities.js';
import type { DialectSpec } from '../dialects/list.js';

interface Lack {
  /** What the dialect does not have, in words. */
  readonly what: string;
  /** How to do without. */
  readonly without: string;
  /** A dialect that has it, and the key of a scenario's own that gives it to them. */
  readonly named: string;
  readonly key: string;
}

/** Says that a dialect has no words for what a population is to do, and how to mend it. */
export function explainLack(dialect: DialectSpec, { what, without, named, key }: Lack): string {
  const remedy =
    dialect.kind === 'json'
      ? `write dialect.json.${key}`
      : `speak one that has them, such as dialect: ${named}`;
  return `the dialect ${dialectName(dialect)} has no ${what}: ${without}, or ${remedy}`;
}
