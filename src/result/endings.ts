import type { CloseCause, CloseInitiator } from '../client/types.js';
import { BIN_US, type CloseDelta, type FailureDelta, isDrop, type Snapshot } from '../metrics/snapshot.js';
import type { AttemptBins, CloseCount, FailureCount } from './types.js';

interface Phased<Delta> {
  readonly phase: string;
  readonly delta: Delta;
}

/** A time when a target that wsherd started was down, in us from the start of the run. */
export interface Downtime {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** How attempts and connections ended, in bins of 100 ms. */
export class Endings {
  private readonly closes: Array<Phased<CloseDelta>> = [];
  private readonly failures: Array<Phased<FailureDelta>> = [];
  private readonly attempts = new Map<string, number[]>();
  private readonly opens = new Map<string, number[]>();
  private openNow = 0;

  add(snapshot: Snapshot): void {
    const { phase } = snapshot;
    for (const delta of snapshot.closes) this.closes.push({ phase, delta });
    for (const delta of snapshot.failures) this.failures.push({ phase, delta });
    for (const [population, bins] of Object.entries(snapshot.bins)) {
      for (let i = 0; i + 2 < bins.length; i += 3) {
        const [bin = 0, attempts = 0, opens = 0] = bins.slice(i, i + 3);
        addAt(listOf(this.attempts, population), bin, attempts);
        addAt(listOf(this.opens, population), bin, opens);
        this.openNow += opens;
      }
    }
    for (const { count } of snapshot.closes) this.openNow -= count;
  }

  /** Connections open as of the snapshots so far. */
  get open(): number {
    return this.openNow;
  }

  /** Most connections open at the end of any bin, of one population or, with null, of all. */
  peakOpen(population: string | null): number {
    const changes = population === null ? addUp(this.opens) : [...(this.opens.get(population) ?? [])];
    const anyOpened = changes.some((opens) => opens > 0);
    for (const { delta } of this.closes) {
      if (population === null || delta.population === population) addAt(changes, delta.bin, -delta.count);
    }
    let open = 0;
    let peak = 0;
    for (const change of changes) {
      open += change;
      peak = Math.max(peak, open);
    }
    // What opens and closes within a bin was open all the same.
    return Math.max(peak, anyOpened ? 1 : 0);
  }

  /** Closes of a kind added up; what the network did while the target was down is the target's doing. */
  closeCounts(downtimes: readonly Downtime[]): CloseCount[] {
    const counts = new Map<string, { -readonly [K in keyof CloseCount]: CloseCount[K] }>();
    for (const { phase, delta } of inOrder(this.closes)) {
      const { initiator, cause } = endedBy(delta, downtimes);
      const { population, code, count, example } = delta;
      const key = JSON.stringify([phase, population, initiator, code, cause]);
      const known = counts.get(key);
      if (known) known.count += count;
      else counts.set(key, { phase, population, initiator, code, cause, count, example });
    }
    return [...counts.values()];
  }

  /** So far, over all phases. */
  countFailures(isCounted: (failure: FailureDelta) => boolean): number {
    return this.failures.reduce((sum, { delta }) => sum + (isCounted(delta) ? delta.count : 0), 0);
  }

  /** So far, over all phases. */
  countCloses(isCounted: (close: CloseDelta) => boolean): number {
    return this.closes.reduce((sum, { delta }) => sum + (isCounted(delta) ? delta.count : 0), 0);
  }

  failureCounts(): FailureCount[] {
    const counts = new Map<string, { -readonly [K in keyof FailureCount]: FailureCount[K] }>();
    for (const { phase, delta } of inOrder(this.failures)) {
      const { population, stage, cause, count, example } = delta;
      const key = JSON.stringify([phase, population, stage, cause]);
      const known = counts.get(key);
      if (known) known.count += count;
      else counts.set(key, { phase, population, stage, cause, count, example });
    }
    return [...counts.values()];
  }

  /** Attempts in each bin from the start of the run, of one population or, with null, of all. */
  attemptsOf(population: string | null): readonly number[] {
    return population === null ? addUp(this.attempts) : (this.attempts.get(population) ?? []);
  }

  attemptBins(): Omit<AttemptBins, 'predicted'> {
    const failures: Record<string, number[]> = {};
    const attempts = addUp(this.attempts);
    const opens = addUp(this.opens);
    const bins = this.failures.reduce(
      (most, { delta }) => Math.max(most, delta.bin + 1),
      Math.max(attempts.length, opens.length),
    );
    for (const { delta } of this.failures) {
      // What the application refuses comes after an attempt that has opened.
      if (delta.stage === 'dialect') continue;
      const key = `${delta.stage}:${delta.cause}`;
      failures[key] ??= new Array<number>(bins).fill(0);
      failures[key][delta.bin]! += delta.count;
    }
    return {
      binMs: BIN_US / 1000,
      attempts: filled(attempts, bins),
      opens: filled(opens, bins),
      failures,
    };
  }
}

/** Connections that ended otherwise than by a close frame with 1000 or 1001, or by wsherd at the end of the run. */
export function isAbnormal(close: Pick<CloseCount, 'cause' | 'code'>): boolean {
  if (close.cause === 'local-close') return false;
  return !(close.cause === 'close-frame' && (close.code === 1000 || close.code === 1001));
}

/** Earliest first, whichever worker's snapshot came first: the example of a kind is that of its first. */
function inOrder<Delta extends { readonly bin: number }>(
  list: ReadonlyArray<Phased<Delta>>,
): Array<Phased<Delta>> {
  const keyed = list.map((item) => ({ item, key: JSON.stringify(item) }));
  keyed.sort((a, b) => a.item.delta.bin - b.item.delta.bin || (a.key < b.key ? -1 : 1));
  return keyed.map(({ item }) => item);
}

function endedBy(
  delta: CloseDelta,
  downtimes: readonly Downtime[],
): { initiator: CloseInitiator; cause: CloseCause } {
  const { initiator, cause } = delta;
  if (!isDrop(delta) || (cause !== 'fin' && cause !== 'reset')) return { initiator, cause };
  const fromUs = delta.bin * BIN_US;
  const down = downtimes.some((time) => fromUs + BIN_US > time.fromUs && fromUs < time.untilUs);
  return down ? { initiator: 'server', cause: 'target-exit' } : { initiator, cause };
}

function listOf(lists: Map<string, number[]>, key: string): number[] {
  let list = lists.get(key);
  if (!list) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

function addUp(lists: ReadonlyMap<string, readonly number[]>): number[] {
  const sums: number[] = [];
  for (const list of lists.values()) {
    for (const [index, value] of list.entries()) addAt(sums, index, value);
  }
  return sums;
}

function addAt(list: number[], index: number, value: number): void {
  while (list.length <= index) list.push(0);
  list[index]! += value;
}

function filled(list: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => list[i] ?? 0);
}
