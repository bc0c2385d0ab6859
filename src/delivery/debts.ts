import type { Attendance } from './attendance.js';
import type { PublishedSums } from './timeBuckets.js';

/** Of all members of a population in a worker that are in the ledger. */
export interface Sums {
  readonly owed: number;
  readonly missed: number;
  readonly lost: number;
  /** Received beyond what anybody has told to have published: forged, or of a worker that died. Counted as owed. */
  readonly unowed: number;
}

/**
 * What a population's members are owed, known when all workers have told what they published:
 *
 *     owed = published to the rooms of each member since it first came
 *     missed = owed in its later absences - received of that
 *     lost = owed - missed - received for the first time
 */
export class Debts {
  /** Deliveries to members that had not had the message. */
  receivedOnce = 0;
  /** Published by members to rooms of their own. */
  publishedToSelf = 0;
  /** Publishers get their own messages. */
  owesOwnCopies = false;
  /** Null until `learn`. */
  private published: PublishedSums | null = null;
  /** What is owed for the time of each member's absences, and for which state of them that was added up. */
  private absences = { changes: -1, early: 0, missed: 0 };
  private total = 0;

  constructor(
    private readonly attendance: Attendance,
    /** Start of the run on the monotonic clock. */
    private readonly startUs: number,
    /** The rows of a member's rooms; none for one that is not in the ledger. */
    private readonly rowsOf: (member: number) => readonly number[],
    private readonly members: number,
  ) {}

  /** All workers have told what they published: nothing more is. */
  learn(published: PublishedSums): void {
    this.published = published;
    this.absences.changes = -1;
    this.total = 0;
    for (let member = 0; member < this.members; member++) {
      for (const row of this.rowsOf(member)) this.total += published.total(row);
    }
  }

  /** Were the run to end at `untilUs`. All zero before `learn`. */
  sums(untilUs: number): Sums {
    if (this.published === null) return { owed: 0, missed: 0, lost: 0, unowed: 0 };
    const { attendance, absences, owesOwnCopies } = this;
    if (absences.changes !== attendance.changes) this.addUpAbsences(this.published, untilUs);
    const { receivedWhileAbsent: received, publishedWhileAbsent: published } = attendance;
    const early = absences.early - received.first - (owesOwnCopies ? 0 : published.first);
    const missed = absences.missed - received.later - (owesOwnCopies ? 0 : published.later);
    const owed = this.total - early - (owesOwnCopies ? 0 : this.publishedToSelf);
    const lost = owed - missed - this.receivedOnce;
    const unowed = Math.max(0, -lost);
    return { owed: owed + unowed, missed, lost: lost + unowed, unowed };
  }

  private addUpAbsences(published: PublishedSums, untilUs: number): void {
    const { attendance, absences } = this;
    absences.changes = attendance.changes;
    absences.early = 0;
    absences.missed = 0;
    for (const { member, from, until, isFirst } of attendance.until(untilUs - this.startUs)) {
      for (const row of this.rowsOf(member)) {
        const messages = published.between(row, from, until);
        if (isFirst) absences.early += messages;
        else absences.missed += messages;
      }
    }
  }
}
