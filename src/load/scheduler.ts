import { nowUs } from '../clock.js';

export interface DueHandler {
  /** `nowUs - dueUs` is how late it is. */
  onDue(connection: number, k: number, dueUs: number, nowUs: number): void;
}

/** Handlers called in one go before the sockets get their turn. */
const BATCH = 256;

/**
 * Calls handlers at absolute times: one heap and one timer for everything a worker does. A timer per
 * connection would drift, since Node re-arms an interval from when its callback ran; absolute times do not.
 * An idle scheduler does not tick.
 */
export class Scheduler {
  private readonly handlers: DueHandler[] = [];
  private readonly heap = new DueHeap();
  private armedUs = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  /** Re-armed by `refresh` while something is due within the next millisecond: no object per tick. */
  private readonly tick = setTimeout(() => this.run(), 1);
  private draining = false;
  private stopped = false;

  /** @returns The number to schedule under. */
  register(handler: DueHandler): number {
    return this.handlers.push(handler) - 1;
  }

  /** For a handler that has to know its number to be made: takes the number now, the handler from `assign`. */
  reserve(): number {
    return this.register({
      onDue() {
        throw new Error('a reserved scheduler number was used before its handler was assigned');
      },
    });
  }

  assign(number: number, handler: DueHandler): void {
    this.handlers[number] = handler;
  }

  schedule(handler: number, connection: number, k: number, dueUs: number): void {
    this.heap.push(handler, connection, k, dueUs);
    if (!this.draining && dueUs < this.armedUs) this.arm();
  }

  /** Forgets everything; nothing is called any more. */
  stop(): void {
    this.stopped = true;
    this.disarm();
    clearTimeout(this.tick);
  }

  private run(): void {
    if (this.stopped) return;
    this.armedUs = Number.POSITIVE_INFINITY;
    this.draining = true;
    const { heap } = this;
    let left = BATCH;
    // The clock is read for each: what a handler does takes time, and the next one is that much later.
    for (let now = nowUs(); heap.size > 0 && heap.firstDueUs <= now && left > 0; now = nowUs(), left--) {
      // A handler may stop the scheduler: what was due together with it is not called any more.
      if (this.stopped) return;
      heap.pop();
      this.handlers[heap.handler]!.onDue(heap.connection, heap.k, heap.dueUs, now);
    }
    this.draining = false;
    if (left === 0) setImmediate(() => this.run());
    else this.arm();
  }

  private arm(): void {
    this.disarm();
    if (this.stopped || this.heap.size === 0) return;
    this.armedUs = this.heap.firstDueUs;
    // Timers count whole milliseconds: rounding down costs a tick for nothing, rounding up would be late.
    const waitMs = Math.floor((this.armedUs - nowUs()) / 1000);
    if (waitMs <= 1) this.tick.refresh();
    else this.timer = setTimeout(() => this.run(), waitMs);
  }

  /** A tick cannot be taken back and armed again, so it stays: one that comes for nothing does no harm. */
  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.armedUs = Number.POSITIVE_INFINITY;
  }
}

/** A binary heap in parallel arrays, least due time first. `pop` leaves what it took in the public fields. */
class DueHeap {
  size = 0;
  handler = 0;
  connection = 0;
  k = 0;
  dueUs = 0;
  private capacity = 1024;
  private dues = new Float64Array(this.capacity);
  private handlers = new Int32Array(this.capacity);
  private connections = new Int32Array(this.capacity);
  private ks = new Int32Array(this.capacity);

  get firstDueUs(): number {
    return this.dues[0]!;
  }

  push(handler: number, connection: number, k: number, dueUs: number): void {
    if (this.size === this.capacity) this.grow();
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.dues[parent]! <= dueUs) break;
      this.move(parent, hole);
      hole = parent;
    }
    this.put(hole, handler, connection, k, dueUs);
  }

  /** Only while `size > 0`. */
  pop(): void {
    this.handler = this.handlers[0]!;
    this.connection = this.connections[0]!;
    this.k = this.ks[0]!;
    this.dueUs = this.dues[0]!;
    const last = --this.size;
    const due = this.dues[last]!;
    let hole = 0;
    for (let child = 1; child < last; child = 2 * hole + 1) {
      if (child + 1 < last && this.dues[child + 1]! < this.dues[child]!) child++;
      if (due <= this.dues[child]!) break;
      this.move(child, hole);
      hole = child;
    }
    this.move(last, hole);
  }

  private put(at: number, handler: number, connection: number, k: number, dueUs: number): void {
    this.dues[at] = dueUs;
    this.handlers[at] = handler;
    this.connections[at] = connection;
    this.ks[at] = k;
  }

  private move(from: number, to: number): void {
    this.put(to, this.handlers[from]!, this.connections[from]!, this.ks[from]!, this.dues[from]!);
  }

  private grow(): void {
    this.capacity *= 2;
    this.dues = copyInto(new Float64Array(this.capacity), this.dues);
    this.handlers = copyInto(new Int32Array(this.capacity), this.handlers);
    this.connections = copyInto(new Int32Array(this.capacity), this.connections);
    this.ks = copyInto(new Int32Array(this.capacity), this.ks);
  }
}

function copyInto<A extends Float64Array | Int32Array>(target: A, source: A): A {
  target.set(source);
  return target;
}
