/** What may be done to a copy, in the order of the draws: one that is lost is not cut short as well. */
const SPOILINGS = ['lose', 'truncate', 'corrupt', 'duplicate', 'reorder'] as const;
type Spoiling = (typeof SPOILINGS)[number];

/** The share of all copies, 0 to 1, that each is done to. */
export type InjectionRates = Readonly<Record<Spoiling, number>>;

/** What becomes of one copy. */
export type Fate = Spoiling | 'none';

/** Draws for each copy by itself what becomes of it. */
export class Injection {
  readonly #rates: ReadonlyArray<readonly [Spoiling, number]>;

  /** @param random Uniform in [0, 1). */
  constructor(
    rates: InjectionRates,
    private readonly random: () => number,
  ) {
    this.#rates = SPOILINGS.map((spoiling) => [spoiling, rates[spoiling]] as const).filter(
      ([, rate]) => rate > 0,
    );
  }

  draw(): Fate {
    for (const [spoiling, rate] of this.#rates) if (this.random() < rate) return spoiling;
    return 'none';
  }
}
