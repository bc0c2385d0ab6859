import type { Socket } from 'node:net';
import { nowUs } from '../clock.js';
import { endSocket } from './endings.js';
import type { EndKind } from './messages.js';
import type { Valve } from './valve.js';

/** Held back per direction before the sender is no longer read; a read more may come. */
const MOST_HELD_BYTES = 256 * 1024;

interface Held {
  what: Buffer | EndKind;
  /** When its delay is over. */
  readonly sinceUs: number;
}

/**
 * One direction of a connection: what one socket receives, on its way to the other. Without a fault in force each
 * chunk is written on at once; else it waits in line until every valve lets it pass. Order is kept, and the end of
 * the stream waits behind the bytes before it. A sender that is faster than the way on is not read any more.
 */
export class Flow {
  private valves: readonly Valve[] = [];
  /** Oldest first. */
  private held: Held[] = [];
  private heldBytes = 0;
  private lastSinceUs = 0;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly source: Socket,
    private readonly sink: Socket,
  ) {}

  /** The end of the stream is held back. */
  get holdsEnd(): boolean {
    return typeof this.held.at(-1)?.what === 'string';
  }

  take(chunk: Buffer): void {
    if (this.stopped) return;
    if (this.valves.length > 0 || this.held.length > 0) this.hold(chunk);
    else if (this.sink.writable && !this.sink.write(chunk)) this.source.pause();
  }

  end(how: EndKind): void {
    if (this.stopped) return;
    if (this.valves.length > 0 || this.held.length > 0) this.hold(how);
    else this.passEnd(how);
  }

  /** Takes the place of a valve of the same kind. */
  setValve(valve: Valve): void {
    this.valves = [...this.valves.filter(({ kind }) => kind !== valve.kind), valve];
    this.pump();
  }

  removeValve(gone: Valve['kind']): void {
    this.valves = this.valves.filter(({ kind }) => kind !== gone);
    this.pump();
  }

  /** Passes on what may go by now. To be called, too, when the sink has taken what was written to it. */
  pump(): void {
    if (this.stopped) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const againUs = this.passOn(nowUs());
    if (Number.isFinite(againUs)) this.wakeAt(againUs);
    const isFull = this.heldBytes >= MOST_HELD_BYTES || this.sink.writableNeedDrain;
    if (isFull) this.source.pause();
    else if (this.source.isPaused()) this.source.resume();
  }

  /** Forgets what it holds, and takes no more. */
  stop(): void {
    this.stopped = true;
    this.held = [];
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private hold(what: Buffer | EndKind): void {
    const delayUs = this.valves.reduce((sum, valve) => sum + valve.delayUs(), 0);
    this.lastSinceUs = Math.max(this.lastSinceUs, nowUs() + delayUs);
    this.held.push({ what, sinceUs: this.lastSinceUs });
    if (typeof what !== 'string') this.heldBytes += what.length;
    if (this.held.length === 1) this.pump();
    else if (this.heldBytes >= MOST_HELD_BYTES) this.source.pause();
  }

  /** @returns When to come again: Infinity when a valve, the sink or the source will say so. */
  private passOn(now: number): number {
    for (;;) {
      const head = this.held[0];
      if (head === undefined || this.sink.writableNeedDrain) return Number.POSITIVE_INFINITY;
      const bytes = this.valves.reduce((least, { mostBytes }) => Math.min(least, mostBytes), lengthOf(head));
      const readyUs = this.valves.reduce(
        (latest, valve) => Math.max(latest, valve.readyUs(bytes, head.sinceUs)),
        head.sinceUs,
      );
      if (readyUs > now) return readyUs;
      for (const valve of this.valves) valve.passed(bytes, head.sinceUs);
      this.pass(head, bytes);
    }
  }

  private pass(head: Held, bytes: number): void {
    const { what } = head;
    if (bytes < lengthOf(head) && typeof what !== 'string') {
      head.what = what.subarray(bytes);
    } else {
      this.held.shift();
    }
    if (typeof what === 'string') {
      this.passEnd(what);
      return;
    }
    this.heldBytes -= bytes;
    if (this.sink.writable) this.sink.write(what.subarray(0, bytes));
  }

  private passEnd(how: EndKind): void {
    // A FIN leaves the other direction as it is.
    if (how === 'fin') this.sink.end();
    else endSocket(this.sink, how);
  }

  private wakeAt(instantUs: number): void {
    // Rounded up, since a timer leaves fractions away; cut, since it takes what is longer for 1 ms.
    const waitMs = Math.min(Math.ceil((instantUs - nowUs()) / 1000), 2 ** 31 - 1);
    this.timer = setTimeout(() => this.pump(), Math.max(0, waitMs));
  }
}

function lengthOf({ what }: Held): number {
  return typeof what === 'string' ? 1 : what.length;
}
