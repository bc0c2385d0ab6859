import { PairLedger, type Receipt } from './pairLedger.js';
import type { Part } from './part.js';
import type { Topology } from './topology.js';

/** Not in the ledger. */
const NO_PAIRS = 0xffff_ffff;

/** The rooms of each member of a population in a worker, and its pairs with those who publish to them. */
export class MemberPairs {
  /** Rooms of each member. */
  readonly places: number;
  /** Per connection, and within it per room: where its pairs begin in the ledger. */
  private readonly firstPair: Uint32Array;
  private readonly ledger: PairLedger;

  constructor(
    private readonly part: Part,
    /** Of its population among those of the run. */
    private readonly index: number,
    private readonly topology: Topology,
  ) {
    this.places = topology.placesOf(index);
    this.firstPair = new Uint32Array(part.connections * this.places).fill(NO_PAIRS);
    this.ledger = new PairLedger(this.layOut());
  }

  private layOut(): number {
    const { part, places, topology } = this;
    let pairs = 0;
    for (let connection = 0; connection < part.connections; connection++) {
      if (!part.isAccounted(connection)) continue;
      for (let place = 0; place < places; place++) {
        this.firstPair[connection * places + place] = pairs;
        pairs += topology.publishersIn(topology.rowOf(this.roomOf(connection, place)));
      }
    }
    return pairs;
  }

  roomOf(connection: number, place: number): number {
    return this.topology.roomOf(this.index, this.part.identityOf(connection), place);
  }

  isAccounted(connection: number): boolean {
    return this.firstPair[connection * this.places] !== NO_PAIRS;
  }

  /** The rows of a member's rooms; none for one that is not in the ledger. */
  rowsOf(connection: number): number[] {
    if (!this.isAccounted(connection)) return [];
    const { topology } = this;
    return Array.from({ length: this.places }, (_, place) => topology.rowOf(this.roomOf(connection, place)));
  }

  /** Enters a receipt of an accounted member in room number `place`, from the publisher that is `among` those of the room. */
  receive(connection: number, place: number, among: number, sequence: number): Receipt {
    return this.ledger.receive(this.firstPair[connection * this.places + place]! + among, sequence);
  }
}
