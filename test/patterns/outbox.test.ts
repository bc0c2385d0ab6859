import { expect, test } from 'vitest';
import { UNKNOWN_SEQUENCE } from '../../src/dialects/dialect.js';
import { BLOCKED_US, Mail, MS, RESEND_US } from './mail.js';

function connected(queue = 100): Mail {
  const mail = new Mail(queue);
  mail.shard.open(0);
  return mail;
}

test('what falls due while the publisher is down waits for it, and then goes out in order', () => {
  const mail = new Mail(100);
  for (let i = 0; i < 5; i++) mail.add();
  expect([mail.take(), mail.outbox.awaited]).toEqual([[], 0]);
  mail.shard.run(10 * MS);
  mail.shard.open(0);
  expect(mail.sent.every(({ isFirst, firstUs, dueUs }) => isFirst && firstUs - dueUs === 10 * MS)).toBe(true);
  expect([mail.take(), mail.outbox.awaited]).toEqual([[0, 1, 2, 3, 4], 5]);
  expect(mail.shard.counter('acknowledge.queued')).toBe(5);
  expect(mail.shard.counter('acknowledge.resent')).toBe(0);
});

test('what is not acknowledged is sent again, oldest first, as often as it takes', () => {
  const mail = connected();
  mail.add();
  mail.shard.run(20 * MS);
  mail.add();
  mail.add();
  mail.acknowledge(1);
  mail.take();
  mail.shard.run(310 * MS);
  expect(mail.sent.map(({ sequence, atUs }) => [sequence, (atUs - 1_000_000) / MS])).toEqual([
    [0, 100],
    [2, 120],
    [0, 200],
    [2, 220],
    [0, 300],
    [2, 320],
  ]);
  expect(mail.shard.counter('acknowledge.resent')).toBe(6);
});

test('a copy says what the original said', () => {
  const mail = connected();
  mail.add(0, 3 * MS);
  mail.shard.run(RESEND_US);
  const [original, copy] = mail.sent;
  expect(original).toMatchObject({ dueUs: 997 * MS, firstUs: 1_000_000, isFirst: true });
  expect(copy).toEqual({ ...original, isFirst: false, atUs: 1_000_000 + RESEND_US });
});

test('a publisher that comes back sends all that is not acknowledged, oldest first, the new at the end', () => {
  const mail = connected();
  for (let i = 0; i < 6; i++) mail.add();
  for (const sequence of [0, 2, 3]) mail.acknowledge(sequence);
  mail.shard.close(0);
  mail.add();
  mail.take();
  mail.shard.open(0);
  expect(mail.sent.map(({ isFirst }) => isFirst)).toEqual([false, false, false, true]);
  expect(mail.take()).toEqual([1, 4, 5, 6]);
  mail.shard.run(RESEND_US);
  expect(mail.take()).toEqual([1, 4, 5, 6]);
});

test('the response counts from when a message was due', () => {
  const mail = connected();
  mail.add(0, 5 * MS);
  mail.shard.run(10 * MS);
  mail.acknowledge(0);
  mail.acknowledge(0);
  expect(mail.shard.samples('acknowledge.response')).toEqual({
    us: [15 * MS - ((15 * MS) % 8) + 4],
    censored: 0,
  });
  expect(mail.shard.counter('acknowledge.acknowledged')).toBe(1);
});

test.each([
  ['of a message that was never sent', 2],
  ['of one that does not exist', 3],
  ['of no number', Number.NaN],
  ['of half a number', 0.5],
  ['of a number below all', -7],
  ['of a number above all', 2 ** 40],
])('an acknowledgement %s counts for nothing', (_name, sequence) => {
  const mail = connected();
  mail.add();
  mail.add();
  mail.shard.writable = false;
  mail.add();
  mail.acknowledge(sequence);
  expect(mail.shard.counter('acknowledge.acknowledged')).toBe(0);
  expect(mail.outbox.awaited).toBe(3);
});

test('an acknowledgement that does not say of which is that of the oldest', () => {
  const mail = connected();
  mail.add();
  mail.add();
  mail.acknowledge(UNKNOWN_SEQUENCE);
  mail.take();
  mail.shard.run(RESEND_US);
  expect(mail.take()).toEqual([1]);
});

test('a full queue takes nothing until its oldest message is acknowledged', () => {
  const mail = connected(3);
  expect([mail.add(), mail.add(), mail.add(), mail.add()]).toEqual([true, true, true, false]);
  mail.acknowledge(1);
  expect(mail.add()).toBe(false);
  mail.acknowledge(0);
  expect([mail.add(), mail.add(), mail.add()]).toEqual([true, true, false]);
  expect(mail.shard.counter('acknowledge.overflowed')).toBe(3);
});

test('a connection that takes no more is tried again soon, and order is kept', () => {
  const mail = connected();
  mail.add();
  mail.shard.writable = false;
  mail.add();
  mail.add();
  mail.shard.run(2 * BLOCKED_US);
  mail.shard.writable = true;
  // Nothing may overtake those that wait.
  mail.add();
  expect(mail.take()).toEqual([0]);
  mail.shard.run(BLOCKED_US);
  expect(mail.take()).toEqual([1, 2, 3, 0]);
  expect(mail.shard.counter('acknowledge.queued')).toBe(0);
});

test('however much is sent, deadlines cost one look at a time', () => {
  const mail = connected(1000);
  for (let i = 0; i < 1000; i++) {
    mail.add();
    mail.acknowledge(i);
    mail.shard.run(MS);
  }
  // A second in tenths, and what is at its end.
  expect(mail.shard.scheduled.length).toBeLessThanOrEqual(12);
});

test('looks that were brought forward do not add up', () => {
  const mail = connected();
  for (let i = 0; i < 20; i++) {
    mail.shard.writable = false;
    mail.add();
    mail.shard.run(BLOCKED_US);
    mail.shard.writable = true;
    mail.shard.run(BLOCKED_US);
  }
  const before = mail.shard.scheduled.length;
  mail.shard.run(10 * RESEND_US);
  // All are sent again at the same time, once in `RESEND_US`.
  expect(mail.shard.scheduled.length - before).toBeLessThanOrEqual(12);
});

test('to be told twice that a publisher may publish changes nothing but what is sent', () => {
  const mail = connected();
  mail.add();
  mail.outbox.onReady(0, mail.shard.now);
  expect([mail.take(), mail.outbox.awaited]).toEqual([[0, 0], 1]);
});

test('at the end, what was sent and not acknowledged stands at least at its age, what was never sent is told', () => {
  const mail = connected();
  for (let i = 0; i < 3; i++) mail.add();
  mail.acknowledge(1);
  mail.shard.close(0);
  mail.add();
  mail.shard.samples('acknowledge.response');
  mail.shard.pattern.stop(mail.shard.now);
  expect(mail.neverSent).toBe(1);
  mail.shard.run(64 * MS);
  mail.shard.pattern.finish(mail.shard.now);
  expect(mail.shard.counter('acknowledge.unacknowledged')).toBe(2);
  const { us, censored } = mail.shard.samples('acknowledge.response');
  expect([us.length, censored]).toEqual([2, 2]);
  for (const one of us) expect(Math.abs(one - 64 * MS)).toBeLessThan(64);
  mail.shard.open(0);
  mail.acknowledge(0);
  mail.take();
  mail.shard.run(10 * RESEND_US);
  expect([mail.take(), mail.shard.counter('acknowledge.acknowledged')]).toEqual([[], 1]);
});

test('after a stop what was sent is sent again until it is acknowledged, what never was is not', () => {
  const mail = connected();
  mail.add();
  mail.add();
  mail.shard.writable = false;
  mail.add();
  mail.shard.pattern.stop(mail.shard.now);
  expect([mail.neverSent, mail.outbox.awaited]).toEqual([1, 2]);
  mail.shard.writable = true;
  mail.acknowledge(1);
  mail.take();
  mail.shard.run(RESEND_US);
  expect(mail.take()).toEqual([0]);
  mail.acknowledge(0);
  mail.shard.run(10 * RESEND_US);
  expect([mail.take(), mail.outbox.awaited]).toEqual([[], 0]);
});

test('many publishers with long queues get shorter ones rather than gigabytes', () => {
  const mail = new Mail(100_000, 1000);
  let taken = 0;
  while (mail.add(999)) taken++;
  expect(taken).toBeGreaterThan(1000);
  expect(taken).toBeLessThan(10_000);
});
