/** What a search for capacity varies: connections, handshakes a second, messages a second of all publishers together, rooms of equal size. */
export const varied = ['connections', 'connect-rate', 'publish-rate', 'rooms'] as const;
export type Vary = (typeof varied)[number];

/** What a search is to do. Loads are whole numbers in the unit of `vary`. */
export interface CapacitySpec {
  readonly vary: Vary;
  readonly from: number;
  readonly to: number;
  /** Share of the load that the bracket may be wide, 0 to 1; never less than one unit. */
  readonly precision: number;
  /** The ends of the bracket are tried `tries` times at the most, and pass with `needed` passes. */
  readonly tries: number;
  readonly needed: number;
  /** A hold named `settle` of this length comes before the first hold; null: the timeline stays as it is. */
  readonly settleUs: number | null;
  /** Length of the first hold; null: as the timeline says. */
  readonly measureUs: number | null;
  readonly coolDownUs: number;
  readonly target: 'fresh' | 'kept';
}
