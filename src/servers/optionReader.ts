interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * Takes typed values out of parsed JSON and collects every problem instead of stopping at the first.
 * An absent key and null both read as null. The servers check their own options because their process
 * can be started by hand, and is to load nothing for it.
 */
export class OptionReader {
  readonly problems: string[];
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #read = new Set<string>();
  readonly #prefix: string;

  constructor(given: unknown, prefix: string, problems: string[] = []) {
    this.problems = problems;
    this.#prefix = prefix;
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
    if (!isObject) problems.push(`${prefix === '' ? 'options' : prefix.slice(0, -1)} must be a JSON object`);
    this.#values = new Map(isObject ? Object.entries(given) : []);
  }

  integer(key: string, range: Range): number | null {
    const value = this.#take(key);
    if (value === null) return null;
    const { least, most } = range;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.#complain(key, `a whole number from ${least} to ${most}`, value);
    return null;
  }

  /** Like `integer`, but absence is a problem too; returns the least allowed value after any problem. */
  requiredInteger(key: string, range: Range): number {
    this.#demand(key);
    return this.integer(key, range) ?? range.least;
  }

  number(key: string, { least, most }: Range): number | null {
    const value = this.#take(key);
    if (value === null || (typeof value === 'number' && value >= least && value <= most)) return value;
    this.#complain(key, `a number from ${least} to ${most}`, value);
    return null;
  }

  /** Like `number`, but absence is a problem too; returns the least allowed value after any problem. */
  requiredNumber(key: string, range: Range): number {
    this.#demand(key);
    return this.number(key, range) ?? range.least;
  }

  flag(key: string): boolean | null {
    const value = this.#take(key);
    if (value === null || typeof value === 'boolean') return value;
    this.#complain(key, 'true or false', value);
    return null;
  }

  text(key: string): string | null {
    const value = this.#take(key);
    if (value === null || (typeof value === 'string' && value !== '')) return value;
    this.#complain(key, 'a text that is not empty', value);
    return null;
  }

  /** Like `word`, but absence is a problem too. */
  requiredWord<Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word {
    this.#demand(key);
    return this.word(key, words);
  }

  /** One of a few words, the first of them when it is absent and after any problem. */
  word<Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.#take(key);
    const word = words.find((candidate) => candidate === value);
    if (word === undefined && value !== null) this.#complain(key, `one of ${words.join(', ')}`, value);
    return word ?? words[0];
  }

  /** A reader of the object under `key`, which adds to the same problems; null when it is absent. */
  group(key: string): OptionReader | null {
    const value = this.#take(key);
    return value === null ? null : new OptionReader(value, `${this.#prefix}${key}.`, this.problems);
  }

  /** Call last: every key that was given but never asked for is a problem. */
  refuseUnread(): void {
    for (const key of this.#values.keys()) {
      if (this.#read.has(key)) continue;
      const known = [...this.#read].join(', ');
      this.problems.push(`unknown option ${JSON.stringify(this.#prefix + key)} (known: ${known})`);
    }
  }

  #demand(key: string): void {
    if ((this.#values.get(key) ?? null) === null) this.problems.push(`${this.#prefix}${key} is missing`);
  }

  #take(key: string): unknown {
    this.#read.add(key);
    return this.#values.get(key) ?? null;
  }

  #complain(key: string, wanted: string, value: unknown): void {
    this.problems.push(`${this.#prefix}${key} must be ${wanted}, not ${JSON.stringify(value)}`);
  }
}
