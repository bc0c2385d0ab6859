import { findMark, isMarkAt, Marker } from '../dialects/marker.js';
import type { IntervalHistogram } from '../metrics/histogram.js';
import { Attendance } from './attendance.js';
import { Debts } from './debts.js';
import { MemberPairs } from './memberPairs.js';
import { Receipt } from './pairLedger.js';
import type { Part, SharedAccounts } from './part.js';
import { bucketAt, type PublishedSums } from './timeBuckets.js';
import type { DeliveryPopulation } from './topology.js';

/** The accounts of one population in one worker: what its publishers sent, and what its members got. */
export class PopulationDelivery {
  private readonly attendance: Attendance;
  private readonly marker = new Marker();
  /** The first, and mostly the only, room of each connection. */
  private readonly firstRooms: Int32Array;
  private readonly pairs: MemberPairs;
  /** Per publisher, the number of its next message. */
  private readonly sequences: Uint32Array;
  /** Of the latest message with one marker: its length, and where in it the marker was. */
  private singleBytes = -1;
  private singleOffset = 0;
  private knownRoom = -1;
  private knownPublisher = -1;
  private knownIndex = -1;
  private readonly debts: Debts;
  /** A publisher got its own message. */
  ownCopySeen = false;
  private readonly counters;
  private readonly delivery: IntervalHistogram;
  private readonly service: IntervalHistogram;

  constructor(
    private readonly part: Part,
    /** Its place among the populations of the run. */
    private readonly index: number,
    private readonly spec: DeliveryPopulation,
    private readonly shared: SharedAccounts,
  ) {
    const { connections } = part;
    this.attendance = new Attendance(connections);
    this.pairs = new MemberPairs(part, index, shared.topology);
    this.firstRooms = Int32Array.from({ length: connections }, (_, connection) => this.roomOf(connection, 0));
    this.sequences = new Uint32Array(spec.publishes === null ? 0 : connections);
    this.debts = new Debts(
      this.attendance,
      shared.startUs,
      (connection) => this.pairs.rowsOf(connection),
      connections,
    );
    this.debts.owesOwnCopies = spec.publishes?.ownCopy === 'expected';
    this.counters = countersOf(part);
    this.delivery = part.histogram('broadcast.delivery');
    this.service = part.histogram('broadcast.service');
  }

  /** From now on messages are published: who is in its rooms by then is owed all of them. */
  begin(): void {
    this.attendance.begin();
  }

  /** The connection is in its rooms, and gets whatever is published from `fromUs` on, on the monotonic clock. */
  arrived(connection: number, fromUs: number): void {
    this.attendance.arrived(connection, fromUs - this.shared.startUs);
  }

  left(connection: number, atUs: number): void {
    this.attendance.left(connection, atUs - this.shared.startUs);
  }

  isPresent(connection: number): boolean {
    return this.attendance.isPresent(connection);
  }

  /** The connections are about to be closed, which is no loss. */
  freeze(): void {
    this.attendance.freeze();
  }

  /** Rooms of each member. */
  get places(): number {
    return this.pairs.places;
  }

  /** Room number `place` of a connection, as `stamp` takes it. */
  roomOf(connection: number, place: number): number {
    return this.pairs.roomOf(connection, place);
  }

  private placeOf(connection: number, room: number): number {
    return this.shared.topology.placeOf(this.index, this.part.identityOf(connection), room);
  }

  publisherOf(connection: number): number {
    return this.shared.topology.publisherOf(this.index, this.part.identityOf(connection));
  }

  /** The sequence number that the connection's next message has. */
  nextSequence(connection: number): number {
    return this.sequences[connection]!;
  }

  /** Writes the marker of a message into its payload; times are on the monotonic clock. */
  stamp(
    payload: Uint8Array,
    at: number,
    connection: number,
    room: number,
    sequence: number,
    dueUs: number,
    sentUs: number,
  ): void {
    const { marker } = this;
    const { run, startUs } = this.shared;
    marker.run = run;
    marker.room = room;
    marker.publisher = this.publisherOf(connection);
    marker.sequence = sequence;
    marker.dueUs = dueUs - startUs;
    marker.sentUs = sentUs - startUs;
    marker.write(payload, at);
  }

  /** The connection has taken a sequence number, for a message to be sent now or later. */
  takeSequence(connection: number): void {
    this.sequences[connection]!++;
  }

  /** A message was sent for the first time. */
  notePublished(connection: number, room: number, sentUs: number): void {
    const { shared } = this;
    const { topology } = shared;
    const atUs = sentUs - shared.startUs;
    shared.published.add(topology.rowOf(room), bucketAt(atUs));
    this.counters.published.value++;
    if (this.placeOf(connection, room) < 0) return;
    if (!this.pairs.isAccounted(connection)) return;
    this.debts.publishedToSelf++;
    this.attendance.notePublished(connection, atUs);
  }

  /** A message of the application came in: accounts for it by its marker, or by its markers where it holds several. */
  receive(connection: number, buffer: Buffer, start: number, end: number, receivedUs: number): void {
    const at = start + this.singleOffset;
    // To look through a message costs as much as all the rest: one as long as the last with a single marker has it there.
    if (end - start === this.singleBytes && isMarkAt(buffer, at, end))
      this.receiveMarker(connection, buffer, at, end, receivedUs);
    else this.receiveAll(connection, buffer, start, end, receivedUs);
  }

  private receiveAll(
    connection: number,
    buffer: Buffer,
    start: number,
    end: number,
    receivedUs: number,
  ): void {
    const first = findMark(buffer, start, end);
    if (first < 0) this.counters.foreign.value++;
    let markers = 0;
    for (let at = first; at >= 0; at = findMark(buffer, at + 1, end)) {
      this.receiveMarker(connection, buffer, at, end, receivedUs);
      markers++;
    }
    if (markers !== 1) return;
    this.singleBytes = end - start;
    this.singleOffset = first - start;
  }

  private receiveMarker(
    connection: number,
    buffer: Buffer,
    at: number,
    end: number,
    receivedUs: number,
  ): void {
    const { marker, counters, shared } = this;
    const atUs = receivedUs - shared.startUs;
    // Nothing is received before it was sent: who says so has forged it.
    if (!marker.read(buffer, at, end) || (marker.run === shared.run && marker.sentUs > atUs)) {
      counters.foreign.value++;
      counters.damaged.value++;
    } else if (marker.run !== shared.run) {
      counters.foreign.value++;
    } else {
      this.account(connection, atUs);
    }
  }

  private account(connection: number, atUs: number): void {
    const { marker, counters, shared, spec } = this;
    const { room, publisher, sequence, dueUs, sentUs } = marker;
    const place = this.firstRooms[connection] === room ? 0 : this.placeOf(connection, room);
    const among = place < 0 ? -1 : this.indexAmongPublishers(room, publisher);
    const own = spec.publishes !== null && publisher === this.publisherOf(connection);
    if (among < 0 || (own && spec.publishes?.ownCopy === 'excluded')) {
      counters.foreign.value++;
      counters.stray.value++;
      return;
    }
    if (this.pairs.isAccounted(connection) && !this.isFirst(connection, place, among)) return;
    if (own) {
      this.ownCopySeen = true;
      counters.ownCopies.value++;
    }
    const latencyUs = atUs - dueUs;
    this.delivery.record(latencyUs);
    this.service.record(atUs - sentUs);
    if (!spec.readsSlowly) shared.openMessages.hear(publisher, sequence, room, dueUs, latencyUs, own);
  }

  /** A broadcast comes in many times in a row, so the last answer is kept. */
  private indexAmongPublishers(room: number, publisher: number): number {
    if (room !== this.knownRoom || publisher !== this.knownPublisher) {
      const { topology } = this.shared;
      this.knownRoom = room;
      this.knownPublisher = publisher;
      this.knownIndex = topology.indexAmongPublishers(topology.rowOf(room), publisher);
    }
    return this.knownIndex;
  }

  /** Enters a receipt into the ledger. False when the member may have had the message before. */
  private isFirst(connection: number, place: number, among: number): boolean {
    const { counters, marker } = this;
    counters.received.value++;
    const receipt = this.pairs.receive(connection, place, among, marker.sequence);
    if (receipt === Receipt.duplicate) {
      counters.duplicated.value++;
      return false;
    }
    if (receipt === Receipt.late) {
      counters.late.value++;
      return false;
    }
    if (receipt === Receipt.outOfOrder) counters.outOfOrder.value++;
    this.debts.receivedOnce++;
    this.attendance.noteReceived(connection, marker.sentUs);
    return true;
  }

  /** All workers have told what they published, and whether publishers of this population got their own messages. */
  learn(published: PublishedSums, ownCopySeenAnywhere: boolean): void {
    if (this.spec.publishes?.ownCopy === 'auto') this.debts.owesOwnCopies = ownCopySeenAnywhere;
    this.debts.learn(published);
  }

  /** Deliveries that are owed and have not come, were the run to end at `untilUs`. Only after `learn`. */
  outstanding(untilUs: number): number {
    return this.debts.sums(untilUs).lost;
  }

  /** Enters what is known at the end only. */
  settle(untilUs: number): void {
    // The first may have come since the drain began.
    if (this.ownCopySeen && this.spec.publishes?.ownCopy === 'auto') this.debts.owesOwnCopies = true;
    const { owed, missed, lost, unowed } = this.debts.sums(untilUs);
    this.counters.expected.value += owed;
    this.counters.missed.value += missed;
    this.counters.lost.value += lost;
    this.counters.unowed.value += unowed;
  }
}

function countersOf({ counter }: Part) {
  return {
    published: counter('broadcast.published'),
    expected: counter('broadcast.expected'),
    received: counter('broadcast.received'),
    lost: counter('broadcast.lost'),
    unowed: counter('broadcast.unowed'),
    duplicated: counter('broadcast.duplicated'),
    outOfOrder: counter('broadcast.outOfOrder'),
    late: counter('broadcast.late'),
    missed: counter('broadcast.missedWhileDisconnected'),
    foreign: counter('broadcast.foreign'),
    damaged: counter('broadcast.damaged'),
    stray: counter('broadcast.stray'),
    ownCopies: counter('broadcast.ownCopies'),
  };
}
