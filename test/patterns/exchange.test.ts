import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEcho, type EchoOptions } from '../../src/patterns/echo.js';
import { createHeartbeat } from '../../src/patterns/heartbeat.js';
import type { PatternContext } from '../../src/patterns/pattern.js';
import { HandDrivenShard } from './shard.js';

const MS = 1000;
const CONNECTIONS = 3;

type Step =
  | { readonly kind: 'open' | 'close'; readonly connection: number }
  | { readonly kind: 'run' | 'stall'; readonly ms: number }
  | { readonly kind: 'answer'; readonly back: number }
  | { readonly kind: 'writable'; readonly value: boolean };

const connection = fc.nat({ max: CONNECTIONS - 1 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('open' as const, 'open' as const, 'close' as const), connection }),
    fc.record({ kind: fc.constantFrom('run' as const, 'run' as const, 'stall' as const), ms: fc.nat(60) }),
    fc.record({ kind: fc.constant('answer' as const), back: fc.nat({ max: 8 }) }),
    fc.record({ kind: fc.constant('writable' as const), value: fc.boolean() }),
  ),
  { maxLength: 80 },
);

/** Takes a pattern through a run in which anything may happen, and to its end. */
function live(create: (context: PatternContext) => ReturnType<typeof createEcho>, list: readonly Step[]) {
  const shard = new HandDrivenShard(CONNECTIONS, create);
  shard.phase('ramp');
  for (let c = 0; c < CONNECTIONS; c++) shard.open(c);
  shard.phase('hold');
  for (const step of list) {
    if (step.kind === 'open') shard.open(step.connection);
    else if (step.kind === 'close') shard.close(step.connection);
    else if (step.kind === 'run') shard.run(step.ms * MS);
    else if (step.kind === 'stall') shard.stall(step.ms * MS);
    else if (step.kind === 'writable') shard.writable = step.value;
    else if (step.kind === 'answer') {
      const sent = shard.sent.at(-1 - step.back);
      if (sent) shard.answer(sent);
    }
  }
  shard.pattern.stop(shard.now);
  shard.run(20 * MS);
  shard.pattern.finish(shard.now);
  return shard;
}

const paced: EchoOptions = {
  sizeBytes: 20,
  timeoutUs: 25 * MS,
  pace: { kind: 'every', everyUs: 10 * MS, offset: 'uniform' },
};

test.each([
  ['echo', (context: PatternContext) => createEcho(paced, context)],
  ['echo', (context: PatternContext) => createEcho({ ...paced, pace: { kind: 'answered' } }, context)],
  [
    'heartbeat',
    (context: PatternContext) =>
      createHeartbeat(
        { by: 'ping', everyUs: 10 * MS, timeoutUs: 25 * MS, offset: 'aligned', onTimeout: 'count' },
        context,
      ),
  ],
  [
    'heartbeat',
    (context: PatternContext) =>
      createHeartbeat(
        { by: 'message', everyUs: 10 * MS, timeoutUs: 25 * MS, offset: 'uniform', onTimeout: 'close' },
        context,
      ),
  ],
] as const)('whatever happens, the books of %s (%#) balance', (name, create) => {
  fc.assert(
    fc.property(steps, (list) => {
      const shard = live(create, list);
      const count = (what: string): number => shard.counter(`${name}.${what}`);
      expect(shard.pattern.awaited).toBe(0);
      expect(count('sent')).toBe(shard.sent.length);
      expect(count('planned')).toBe(count('sent') + count('skipped') + count('missedWhileDisconnected'));
      expect(count('sent')).toBe(count('answered') + count('unanswered'));
      const [sent, answered, unanswered] = [count('sent'), count('answered'), count('unanswered')];
      const { sendLag, service, response } = shard.take(name);
      expect(sendLag.us).toHaveLength(sent);
      expect(service.us).toHaveLength(answered);
      expect(response.us).toHaveLength(sent);
      expect(response.censored).toBe(unanswered);
    }),
  );
});

/** One connection, a message every 100 ms from the start on, 30 ms for an answer. */
function steady(timeoutUs = 30 * MS): HandDrivenShard {
  const shard = new HandDrivenShard(1, (context) =>
    createEcho(
      { ...paced, timeoutUs, pace: { kind: 'every', everyUs: 100 * MS, offset: 'aligned' } },
      context,
    ),
  );
  shard.open(0);
  shard.phase('hold');
  return shard;
}

test('send lag, service and response count from when the message was due or sent', () => {
  const shard = steady();
  shard.stall(7 * MS);
  shard.run(0);
  shard.stall(2 * MS);
  shard.answer(shard.sent[0]!);
  const { sendLag, service, response } = shard.take('echo');
  expect([sendLag.us, service.us, response.us]).toEqual([[7 * MS], [2 * MS], [9 * MS]].map(asRecorded));
});

test('an unanswered message stands in the response at its deadline, and says so', () => {
  const shard = steady();
  shard.stall(5 * MS);
  shard.run(50 * MS);
  expect(shard.counter('echo.unanswered')).toBe(1);
  const { response, service } = shard.take('echo');
  expect(response).toEqual({ us: asRecorded([35 * MS]), censored: 1 });
  expect(service.us).toEqual([]);
});

test('an answer after the deadline does not count, whether the deadline was looked at before it or not', () => {
  const looked = steady();
  looked.run(31 * MS);
  looked.answer(looked.sent[0]!);
  const busy = steady();
  busy.run(0);
  busy.stall(31 * MS);
  busy.answer(busy.sent[0]!);
  for (const shard of [looked, busy]) {
    expect([shard.counter('echo.answered'), shard.counter('echo.unanswered')]).toEqual([0, 1]);
    expect(shard.take('echo').response).toEqual({ us: asRecorded([30 * MS]), censored: 1 });
  }
});

test('an answer at the very deadline counts', () => {
  const shard = steady();
  shard.run(0);
  shard.stall(30 * MS);
  shard.answer(shard.sent[0]!);
  expect([shard.counter('echo.answered'), shard.counter('echo.unanswered')]).toEqual([1, 0]);
});

test('a second answer to the same message does not count', () => {
  const shard = steady();
  shard.run(0);
  shard.answer(shard.sent[0]!);
  shard.answer(shard.sent[0]!);
  expect(shard.counter('echo.answered')).toBe(1);
});

test('as many may be unanswered as fall due within the deadline, and one more', () => {
  const shard = steady(250 * MS);
  shard.run(950 * MS);
  expect([shard.counter('echo.sent'), shard.counter('echo.skipped')]).toEqual([10, 0]);
});

test('what is due beyond that, since the generator has a stall to make up for, is skipped', () => {
  const shard = steady(250 * MS);
  shard.run(0);
  shard.stall(1000 * MS);
  shard.run(0);
  // Ten fell due in the stall; four of them fill what may be in flight, since the first was given up meanwhile.
  expect([shard.counter('echo.sent'), shard.counter('echo.skipped')]).toEqual([1 + 4, 6]);
});

test('messages due while a connection takes no more bytes are skipped, those due while it is down are missed', () => {
  const shard = steady();
  shard.run(0);
  shard.writable = false;
  shard.run(100 * MS);
  shard.writable = true;
  shard.close(0);
  shard.run(200 * MS);
  shard.open(0);
  shard.run(100 * MS);
  const counts = ['planned', 'sent', 'skipped', 'missedWhileDisconnected'].map((what) =>
    shard.counter(`echo.${what}`),
  );
  expect(counts).toEqual([5, 2, 1, 2]);
});

test('when a connection breaks, what it still awaited is unanswered', () => {
  const shard = steady();
  shard.run(0);
  expect(shard.pattern.awaited).toBe(1);
  shard.close(0);
  expect(shard.pattern.awaited).toBe(0);
  expect(shard.counter('echo.unanswered')).toBe(1);
});

/** A histogram keeps three digits: it shows the middle of the step that a sample lies in. */
function asRecorded(values: readonly number[]): number[] {
  return values.map((us) => {
    const step = 2 ** Math.max(0, Math.floor(Math.log2(us)) - 10);
    return Math.floor(us / step) * step + Math.floor(step / 2);
  });
}
