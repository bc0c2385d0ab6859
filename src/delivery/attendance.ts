import { bucketAt, DOUBTFUL_BUCKETS, RecentCounts } from './timeBuckets.js';

/** A time in which a member could not be sure to get anything, in buckets `[from, until)`. */
export interface Absence {
  readonly member: number;
  readonly from: number;
  readonly until: number;
  /** It had never been there before: nothing is owed to it yet. */
  readonly isFirst: boolean;
}

/** What happened in absences: in first ones, and in others. */
interface Tally {
  first: number;
  later: number;
}

/** A bucket that no time comes to. */
const NEVER = 2 ** 31 - 1;
const NONE = -1;

/**
 * When each member was there to receive, and what happened while it was not. Times are in us from the start of the run,
 * and those of messages are when they were published.
 *
 * An absence begins about a second before the connection ended: what was published then may have been on its way when it
 * was lost. It ends, at the end of a bucket, when the member is in its rooms again. What a member received although it
 * was published during an absence is counted, so that the rest of an absence is exact.
 */
export class Attendance {
  /** The bucket in which the absence began that goes on; `NONE` while present. */
  private readonly absentFrom: Int32Array;
  private readonly absences: Absence[] = [];
  /** By member, its latest absence in the list, and by absence the one before it. */
  private readonly latest: Int32Array;
  private readonly previous: number[] = [];
  /** What was published from its first bucket on must reach the member. */
  private readonly received: RecentCounts;
  /** Messages of its own, for members that do not get them. */
  private readonly published: RecentCounts;
  private publishing = false;
  private frozen = false;
  private readonly everThere: Uint8Array;
  /** How often a member has come or gone. */
  changes = 0;
  /** Received for the first time by members that were absent when it was published. */
  readonly receivedWhileAbsent: Tally = { first: 0, later: 0 };
  /** Published by members in their own absences. */
  readonly publishedWhileAbsent: Tally = { first: 0, later: 0 };

  constructor(members: number) {
    this.absentFrom = new Int32Array(members);
    this.latest = new Int32Array(members).fill(NONE);
    this.everThere = new Uint8Array(members);
    this.received = new RecentCounts(members);
    this.published = new RecentCounts(members);
    for (let member = 0; member < members; member++) this.expectFrom(member, NEVER);
  }

  /** From now on messages are published. Who is there by then was never absent. */
  begin(): void {
    this.publishing = true;
  }

  isPresent(member: number): boolean {
    return this.absentFrom[member] === NONE;
  }

  /** The member is in its rooms, and gets whatever is published from `fromUs` on. */
  arrived(member: number, fromUs: number): void {
    const from = this.absentFrom[member]!;
    if (from === NONE) return;
    this.changes++;
    const isFirst = this.everThere[member] === 0;
    this.everThere[member] = 1;
    this.absentFrom[member] = NONE;
    if (!this.publishing) {
      this.expectFrom(member, 0);
      return;
    }
    const until = bucketAt(fromUs) + 1;
    this.expectFrom(member, until);
    this.note({ member, from, until, isFirst });
  }

  left(member: number, atUs: number): void {
    if (this.frozen || !this.isPresent(member)) return;
    this.changes++;
    const from = Math.max(bucketAt(atUs) - DOUBTFUL_BUCKETS, this.received.firstBucket(member));
    // Not in doubt: these it has, and those it had published itself it would not have got.
    this.receivedWhileAbsent.later += this.received.since(member, from);
    this.publishedWhileAbsent.later += this.published.since(member, from);
    this.absentFrom[member] = from;
    this.expectFrom(member, NEVER);
  }

  /** A message was received for the first time. */
  noteReceived(member: number, publishedUs: number): void {
    const bucket = bucketAt(publishedUs);
    if (!this.received.add(member, bucket)) this.tally(this.receivedWhileAbsent, member, bucket);
  }

  notePublished(member: number, atUs: number): void {
    const bucket = bucketAt(atUs);
    if (!this.published.add(member, bucket)) this.tally(this.publishedWhileAbsent, member, bucket);
  }

  private expectFrom(member: number, bucket: number): void {
    this.received.countFrom(member, bucket);
    this.published.countFrom(member, bucket);
  }

  /** The connections are about to be closed: that is no absence any more. */
  freeze(): void {
    this.frozen = true;
  }

  /** All absences up to `untilUs`, those that go on among them. */
  *until(untilUs: number): Generator<Absence> {
    yield* this.absences;
    const until = bucketAt(untilUs) + 1;
    for (const [member, from] of this.absentFrom.entries()) {
      if (from !== NONE) yield { member, from, until, isFirst: this.everThere[member] === 0 };
    }
  }

  private note(absence: Absence): void {
    this.previous.push(this.latest[absence.member]!);
    this.latest[absence.member] = this.absences.push(absence) - 1;
  }

  /** Counts under the absence that a bucket lies in, if it lies in one. Only for what was before the latest return. */
  private tally(tally: Tally, member: number, bucket: number): void {
    const going = this.absentFrom[member]!;
    if (going !== NONE && bucket >= going) {
      if (this.everThere[member] === 0) tally.first++;
      else tally.later++;
      return;
    }
    for (let i = this.latest[member]!; i !== NONE; i = this.previous[i]!) {
      const { from, until, isFirst } = this.absences[i]!;
      if (bucket < from) continue;
      if (bucket < until && isFirst) tally.first++;
      else if (bucket < until) tally.later++;
      return;
    }
  }
}
