import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCKED_US, Mail, MS, RESEND_US, type Transmission } from './mail.js';

/** What was added and not acknowledged, written to be obvious: by connection from sequence to its latest sending. */
class Model {
  readonly waiting: Array<Map<number, number | null>>;
  readonly added: number[];
  readonly firsts: number[];

  constructor(readonly connections: number) {
    this.waiting = Array.from({ length: connections }, () => new Map());
    this.added = new Array<number>(connections).fill(0);
    this.firsts = new Array<number>(connections).fill(0);
  }

  /** Takes in what was sent, and checks it against what may be sent. */
  note(sent: readonly Transmission[], sinceUs: readonly number[]): void {
    for (const { connection, sequence, isFirst, atUs } of sent) {
      const lastUs = this.waiting[connection]!.get(sequence);
      // Nothing is sent that was acknowledged, or never added.
      expect(lastUs).toBeDefined();
      expect(isFirst).toBe(lastUs === null);
      // First transmissions keep order.
      if (isFirst) expect(sequence).toBe(this.firsts[connection]!++);
      // Not sooner than it has to be, unless the connection is a new one.
      else if (lastUs! >= sinceUs[connection]!) expect(atUs - lastUs!).toBeGreaterThanOrEqual(RESEND_US);
      this.waiting[connection]!.set(sequence, atUs);
    }
  }
}

type Step =
  | { readonly kind: 'add' | 'open' | 'close'; readonly connection: number }
  | { readonly kind: 'acknowledge'; readonly connection: number; readonly back: number }
  | { readonly kind: 'run'; readonly ms: number }
  | { readonly kind: 'writable'; readonly value: boolean };

const CONNECTIONS = 3;
const connection = fc.nat({ max: CONNECTIONS - 1 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), connection }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('open' as const, 'close' as const), connection }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('acknowledge' as const),
        connection,
        back: fc.nat({ max: 8 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('run' as const), ms: fc.nat({ max: 150 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('writable' as const), value: fc.boolean() }) },
  ),
  // Without a size no list would be longer than ten.
  { maxLength: 200, size: 'max' },
);

/** Mail and its model side by side. */
class Both {
  readonly mail: Mail;
  readonly model = new Model(CONNECTIONS);
  /** When each connection came up; infinity while it is down. */
  private readonly sinceUs = new Array<number>(CONNECTIONS).fill(Number.POSITIVE_INFINITY);
  private writableSinceUs = 0;

  constructor(private readonly queue: number) {
    this.mail = new Mail(queue, CONNECTIONS);
  }

  take(step: Step): void {
    const { mail, model } = this;
    // No two steps at the same time: a copy of a new connection is told from one of the old.
    mail.shard.run(1);
    model.note(mail.sent.splice(0), this.sinceUs);
    if (step.kind === 'add') this.add(step.connection);
    else if (step.kind === 'run') mail.shard.run(step.ms * MS);
    else if (step.kind === 'acknowledge') {
      const sequence = model.added[step.connection]! - 1 - step.back;
      if (sequence < 0) return;
      const isSent = typeof model.waiting[step.connection]!.get(sequence) === 'number';
      mail.acknowledge(sequence, step.connection);
      // A server says nothing to a publisher that is down.
      if (isSent && this.isUp(step.connection)) model.waiting[step.connection]!.delete(sequence);
    } else if (step.kind === 'writable') {
      if (step.value && !mail.shard.writable) this.writableSinceUs = mail.shard.now;
      mail.shard.writable = step.value;
    } else if (step.kind === 'close') {
      this.sinceUs[step.connection] = Number.POSITIVE_INFINITY;
      mail.shard.close(step.connection);
    } else if (!this.isUp(step.connection)) {
      this.open(step.connection);
    }
    model.note(mail.sent.splice(0), this.sinceUs);
    this.compare();
  }

  private add(connection: number): void {
    const { mail, model } = this;
    const waiting = model.waiting[connection]!;
    const sequence = model.added[connection]!;
    const span = waiting.size === 0 ? 0 : sequence - Math.min(...waiting.keys());
    waiting.set(sequence, null);
    model.added[connection]!++;
    const added = mail.add(connection);
    expect(added).toBe(span < this.queue);
    if (added) return;
    waiting.delete(sequence);
    model.added[connection]!--;
  }

  private open(connection: number): void {
    const { mail, model } = this;
    this.sinceUs[connection] = mail.shard.now;
    mail.shard.open(connection);
    if (!mail.shard.writable) return;
    // All of it, in order.
    expect(mail.sent.map(({ sequence }) => sequence)).toEqual([...model.waiting[connection]!.keys()]);
  }

  private isUp(connection: number): boolean {
    return Number.isFinite(this.sinceUs[connection]);
  }

  private compare(): void {
    const { mail, model } = this;
    const { now } = mail.shard;
    const up = model.waiting.filter((_waiting, connection) => this.isUp(connection));
    expect(mail.outbox.awaited).toBe(up.reduce((sum, { size }) => sum + size, 0));
    if (!mail.shard.writable || now - this.writableSinceUs <= BLOCKED_US) return;
    // Nothing is forgotten.
    for (const waiting of up) {
      for (const lastUs of waiting.values()) expect(now - (lastUs ?? 0)).toBeLessThanOrEqual(RESEND_US);
    }
  }

  /** The run ends; afterwards the books are to balance. */
  finish(): void {
    const { mail, model } = this;
    mail.shard.pattern.stop(mail.shard.now);
    mail.shard.pattern.finish(mail.shard.now);
    const left = model.waiting.flatMap((waiting) => [...waiting.values()]);
    const added = model.added.reduce((sum, count) => sum + count, 0);
    const neverSent = left.filter((lastUs) => lastUs === null).length;
    expect(mail.neverSent).toBe(neverSent);
    expect(mail.shard.counter('acknowledge.unacknowledged')).toBe(left.length - neverSent);
    expect(mail.shard.counter('acknowledge.acknowledged')).toBe(added - left.length);
    expect(mail.shard.samples('acknowledge.response')).toMatchObject({ censored: left.length - neverSent });
  }
}

test('whatever happens: nothing acknowledged is sent again, nothing else is forgotten, and order is kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), steps, (queue, list) => {
      const both = new Both(queue);
      for (const step of list) both.take(step);
      both.finish();
    }),
    { numRuns: 300 },
  );
});
