import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { MatrixRecord } from '../../dist/result/matrix.js';
import type { RunResult } from '../../dist/result/types.js';
import { type CliRun, run } from '../support/cli.js';
import { counter, expectBalancedBooks, expectIdentities } from '../support/identities.js';
import type { BroadcastScenario } from '../support/shippedBroadcasts.js';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** What shortens a scenario, and what each of its records then says. */
interface Shortened {
  readonly settings: readonly string[];
  /** The sentence at the top. */
  readonly answer: RegExp;
  check(results: readonly RunResult[]): void;
}

const shortened: Readonly<Record<BroadcastScenario, Shortened>> = {
  'broadcast-lobby.yaml': {
    settings: [
      'populations.listeners.connections=190',
      'populations.speakers.publish.every=150ms',
      'timeline.1.hold=2s',
    ],
    answer:
      /Each message reached all 199 other members, the last after .* none of [\d,]+ deliveries\s+was lost/,
    check([result]) {
      const published = counter(result!.metrics, 'broadcast.published');
      expect(published).toBeGreaterThanOrEqual(100);
      expect(counter(result!.metrics, 'broadcast.expected')).toBe(published * 199);
      expect(result!.broadcast).toMatchObject({
        rooms: { count: 1, leastMembers: 200, mostMembers: 200 },
        ownCopies: false,
        messages: { published, complete: published },
      });
    },
  },
  'chat-rooms.yaml': {
    settings: [
      'populations.listeners.connections=90',
      'populations.listeners.arrive={over: 500ms}',
      'populations.listeners.lifetime={mean: 2s}',
      'populations.talkers.connections=20',
      'populations.talkers.arrive={over: 500ms}',
      'populations.talkers.publish.every=200ms',
      'populations.listeners.join={rooms: 10}',
      'populations.talkers.join={rooms: 10}',
      'timeline.1.hold=3s',
    ],
    answer: /none of [\d,]+ deliveries\s+was lost/,
    check([result]) {
      expect(result!.connections.reconnected).toBeGreaterThan(20);
      expect(counter(result!.metrics, 'broadcast.lost')).toBe(0);
      expect(counter(result!.metrics, 'broadcast.ownCopies')).toBeGreaterThan(100);
      expect(counter(result!.metrics, 'heartbeat.unanswered')).toBe(0);
    },
  },
  'broadcast-n2.yaml': {
    settings: ['matrix={"populations.everybody.connections": [8, 16]}', 'timeline.1.hold=3s'],
    answer: /2 variants kept up|The wall lies/,
    check(results) {
      const [few, many] = results.map(({ metrics }) => counter(metrics, 'broadcast.received'));
      const [fewSent, manySent] = results.map(({ metrics }) => counter(metrics, 'broadcast.published'));
      // Each message goes to everybody: twice as many members, twice as many messages to each of twice as many.
      expect([few! / fewSent!, many! / manySent!]).toEqual([8, 16]);
      expect(manySent! / fewSent!).toBeGreaterThan(1.6);
    },
  },
  'slow-readers.yaml': {
    settings: [
      'populations.normal.connections=20',
      'populations.slow.connections=4',
      'populations.slow.read={bandwidth: 200KB/s}',
      'timeline.1.hold=4s',
    ],
    answer: /Beside 4 slow readers the 24 others had a message within/,
    check([result]) {
      const { normal, slow } = result!.populations;
      expect(counter(slow!.metrics, 'reading.pauses')).toBeGreaterThan(4);
      expect(counter(normal!.metrics, 'broadcast.lost')).toBe(0);
      const latency = (metrics: RunResult['metrics']): number => {
        const metric = metrics['broadcast.delivery'];
        return metric?.kind === 'histogram' ? (metric.max ?? 0) : 0;
      };
      expect(latency(slow!.metrics)).toBeGreaterThan(1_000_000);
      expect(result!.broadcast?.slowMembers).toBe(4);
    },
  },
  'reliable-delivery-storm.yaml': {
    settings: [
      'populations.listeners.connections=30',
      'populations.patient.connections=20',
      'populations.speakers.connections=10',
      'populations.speakers.publish.every=200ms',
      'populations.speakers.acknowledge={resendAfter: 700ms, queue: 200}',
      'target.options={resendAfter: 700ms}',
      'timeline.1.hold={for: 1s, name: before}',
      'timeline.2.fault={kind: blackhole, share: 60%, for: 3s}',
      'timeline.4.hold={for: 2s, name: after}',
    ],
    answer: /lost|twice/,
    check([result]) {
      const { metrics, target, recoveries } = result!;
      const count = (name: string): number => counter(metrics, name);
      expect(recoveries[0]?.dropped).toBeGreaterThan(10);
      expect(recoveries[0]?.recovered).toBe(recoveries[0]?.dropped);
      // Exactly once to whoever drops what he has, at least once on the wire.
      expect(count('broadcast.lost')).toBe(0);
      expect(count('broadcast.missedWhileDisconnected')).toBe(0);
      expect(count('acknowledge.unacknowledged')).toBe(0);
      expect(count('broadcast.duplicated')).toBeGreaterThan(0);
      expect(target.counts?.delivery?.resent).toBeGreaterThan(0);
      expect(count('acknowledge.acknowledged')).toBe(count('broadcast.published'));
      expect(target.counts?.delivery?.published).toBe(count('broadcast.published'));
    },
  },
  'deflate-text-vs-binary.yaml': {
    settings: [
      'populations.listeners.connections=10',
      'populations.listeners.arrive={over: 200ms}',
      'timeline.1.hold=1s',
    ],
    answer: /Compression=on instead of off: under content=text a delivery weighed/,
    check(results) {
      const [text, deflatedText, noise, deflatedNoise] = results.map(
        ({ metrics }) => counter(metrics, 'bytes.received') / counter(metrics, 'messages.received'),
      );
      expect(text).toBeGreaterThan(4096);
      expect(deflatedText! / text!).toBeLessThan(0.5);
      expect(noise).toBeGreaterThan(4096);
      expect(deflatedNoise! / noise!).toBeGreaterThan(0.99);
    },
  },
};

const runs = new Map<string, CliRun>();

beforeAll(async () => {
  // Side by side: most of a run is waiting.
  await Promise.all(
    Object.entries(shortened).map(async ([name, { settings }]) => {
      const sets = settings.flatMap((setting) => ['--set', setting]);
      runs.set(name, await run(['run', `${folder}${name}`, ...sets, '--allow-saturated']));
    }),
  );
});

/** The record of a run, or those of all runs of a matrix. */
function recordsOf({ folder: own }: CliRun, isMatrix: boolean): readonly RunResult[] {
  const read = (path: string): RunResult => JSON.parse(readFileSync(join(own, path, 'result.json'), 'utf8'));
  if (!isMatrix) return [read('.')];
  const matrix: MatrixRecord = JSON.parse(readFileSync(join(own, 'matrix.json'), 'utf8'));
  return matrix.variants.map(({ folder: variant }) => read(variant));
}

test.each(Object.entries(shortened))('%s answers its question, and its books balance', (name, scenario) => {
  const finished = runs.get(name);
  if (finished === undefined) throw new Error(`${name} was not run`);
  // Thresholds are made for a quiet machine and the whole length.
  expect([0, 99], finished.stderr).toContain(finished.code);
  const isMatrix = name === 'broadcast-n2.yaml' || name === 'deflate-text-vs-binary.yaml';
  const results = recordsOf(finished, isMatrix);
  for (const result of results) {
    expectIdentities(result);
    expectBalancedBooks(result);
    expect(result.run.complete).toBe(true);
  }
  scenario.check(results);
  const wasLimit = results.some(({ run }) => run.validity.status === 'generator-limited');
  // On a machine that is too busy the answer is that the generator was the limit; of a matrix, what is left of it.
  const answer = !wasLimit ? scenario.answer : isMatrix ? /variant|runs/ : /^Not valid: the generator/;
  expect(finished.stdout.replaceAll(/\s+/g, ' ')).toMatch(answer);
});
