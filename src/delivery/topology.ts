import { ROOMS } from '../dialects/marker.js';
import { congruentBelow, joinableRooms, membersIn, publishersTo } from './rooms.js';

/** What has to be known of a population to tell who must get which message; plain data, the same in every worker. */
export interface DeliveryPopulation {
  /** Of the whole population, in all workers. */
  readonly connections: number;
  /** Null: no room to join, everybody is in the lobby. */
  readonly rooms: number | null;
  readonly perConnection: number;
  readonly publishes: Publishes | null;
  /** Slow on purpose: no part of the fan-out of a message. */
  readonly readsSlowly: boolean;
}

interface Publishes {
  /** Always to this room; null: to its own rooms in turn. */
  readonly room: number | null;
  readonly ownCopy: 'auto' | 'expected' | 'excluded';
}

/** The number that stands for the lobby in markers and in tables. */
export const LOBBY_ROOM = ROOMS - 1;

/**
 * Who is in which room and who publishes to it, by arithmetic alone: connection `i` is in the rooms `(i + j) mod rooms`
 * for every `j` below `perConnection`. Publishers are numbered through all populations in their order.
 */
export class Topology {
  /** Rooms from 0 on; the lobby's row in a table of rooms follows them. */
  private readonly joinable: number;
  /** By population, the number of its first publisher; past its last for one that publishes nothing. */
  private readonly firstPublisher: readonly number[];
  readonly publishers: number;
  /** By row, members that do not read slowly. */
  private readonly members: Uint32Array;
  /** By row, publishers that publish to the room. */
  private readonly publishersTo: Uint32Array;
  /** By population and row, how many publishers of the populations before it publish to the room. */
  private readonly publishersBefore: ReadonlyArray<Uint32Array>;

  constructor(private readonly populations: readonly DeliveryPopulation[]) {
    this.joinable = joinableRooms(populations);
    const rows = this.joinable + 1;
    this.members = new Uint32Array(rows);
    this.publishersTo = new Uint32Array(rows);
    let publishers = 0;
    this.firstPublisher = populations.map(({ connections, publishes }) => {
      const first = publishers;
      if (publishes !== null) publishers += connections;
      return first;
    });
    this.publishers = publishers;
    this.publishersBefore = populations.map((population) => {
      const before = this.publishersTo.slice();
      for (let row = 0; row < rows; row++) this.addRow(population, row);
      return before;
    });
  }

  private addRow(population: DeliveryPopulation, row: number): void {
    if (!population.readsSlowly) this.members[row]! += membersIn(population, row, this.joinable);
    this.publishersTo[row]! += publishersTo(population, row, this.joinable);
  }

  get rows(): number {
    return this.joinable + 1;
  }

  /** The row of a room; -1 when there is no such room. */
  rowOf(room: number): number {
    if (room === LOBBY_ROOM) return this.joinable;
    return room < this.joinable ? room : -1;
  }

  /** Room number `j` of a connection, as markers name it. */
  roomOf(population: number, identity: number, j: number): number {
    const { rooms } = this.populations[population]!;
    return rooms === null ? LOBBY_ROOM : (identity + j) % rooms;
  }

  /** Which of its rooms this is to a connection, or -1 if it is none. */
  placeOf(population: number, identity: number, room: number): number {
    const { rooms, perConnection } = this.populations[population]!;
    if (rooms === null) return room === LOBBY_ROOM ? 0 : -1;
    if (room >= rooms) return -1;
    const j = (room - (identity % rooms) + rooms) % rooms;
    return j < perConnection ? j : -1;
  }

  publisherOf(population: number, identity: number): number {
    return this.firstPublisher[population]! + identity;
  }

  /** Of how many rooms a connection is a member. */
  placesOf(population: number): number {
    const { rooms, perConnection } = this.populations[population]!;
    return rooms === null ? 1 : perConnection;
  }

  publishersIn(row: number): number {
    return this.publishersTo[row]!;
  }

  /** Members of a room but for the publisher itself; without those who read slowly. */
  othersIn(row: number, publisher: number): number {
    return this.members[row]! - (this.isHeardBy(row, publisher) ? 1 : 0);
  }

  /** The place of a publisher among those who publish to the room of that row, from 0; -1 when it does not. */
  indexAmongPublishers(row: number, publisher: number): number {
    const population = this.populationOf(publisher);
    if (population < 0) return -1;
    const { connections, rooms, perConnection, publishes } = this.populations[population]!;
    const identity = publisher - this.firstPublisher[population]!;
    const before = this.publishersBefore[population]![row]!;
    const always = publishes?.room ?? null;
    if (always !== null) return this.rowOf(always) === row ? before + identity : -1;
    if (rooms === null) return row === this.joinable ? before + identity : -1;
    if (row >= rooms) return -1;
    const j = (row - (identity % rooms) + rooms) % rooms;
    if (j >= perConnection) return -1;
    let index = before + Math.floor(identity / rooms);
    for (let place = 0; place < j; place++) index += congruentBelow(connections, rooms, row - place);
    return index;
  }

  /** Whether a publisher is itself a member of the room, and no slow one. */
  isHeardBy(row: number, publisher: number): boolean {
    const population = this.populationOf(publisher);
    if (population < 0 || this.populations[population]!.readsSlowly) return false;
    const room = row === this.joinable ? LOBBY_ROOM : row;
    return this.placeOf(population, this.identityOf(publisher), room) >= 0;
  }

  /** The number of a publisher within its population. */
  identityOf(publisher: number): number {
    return publisher - this.firstPublisher[this.populationOf(publisher)]!;
  }

  /** -1 when nobody has that number. */
  populationOf(publisher: number): number {
    if (publisher >= this.publishers) return -1;
    for (let i = this.populations.length - 1; i >= 0; i--) {
      if (this.populations[i]!.publishes !== null && publisher >= this.firstPublisher[i]!) return i;
    }
    return -1;
  }
}
