import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'vitest';
import type { Metric, Metrics, RunResult } from '../../dist/result/types.js';

const PATTERNS = ['heartbeat', 'echo'] as const;

/** Requests beside the run belong to no population, nor does the fan-out of a message to several of them. */
const OF_NOBODY = /^(http\..*|broadcast\.(first|median|last|complete|incomplete|cutShort))$/;

/** Expects of a record what holds in every one, its schema first: see "Counting" in docs/measuring.md. */
export function expectIdentities(result: RunResult): void {
  expectShape(result);
  expectAttempts(result);
  expectExchanges(result.metrics, 'all');
  for (const [name, { metrics }] of Object.entries(result.populations)) expectExchanges(metrics, name);
  expectPartsToAddUp(result);
  expectSeriesToAddUp(result);
  expectReconnects(result);
  expectDeliveries(result.metrics, 'all');
  for (const [name, { metrics }] of Object.entries(result.populations)) expectDeliveries(metrics, name);
}

/** Expects that a reference server counted what we counted, line by line. */
export function expectBalancedBooks({ target }: RunResult): void {
  expect(target.books.length).toBeGreaterThan(0);
  expect(target.books.filter(({ balanced }) => !balanced)).toEqual([]);
}

export function counter(metrics: Metrics, name: string): number {
  const metric = metrics[name];
  return metric?.kind === 'counter' ? metric.value : 0;
}

/** How many samples a histogram has; 0 without one. */
function samples(metrics: Metrics, name: string): number {
  const metric = metrics[name];
  return metric?.kind === 'histogram' ? metric.count : 0;
}

let validate: ValidateFunction | undefined;

function expectShape(result: RunResult): void {
  const schema = new URL('../../schema/result.schema.json', import.meta.url);
  validate ??= new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
  validate(result);
  expect(validate.errors).toBeNull();
}

function expectAttempts({ connections, populations, metrics, closes, failures }: RunResult): void {
  for (const [name, counts] of [
    ['all', connections] as const,
    ...Object.entries(populations).map(([key, population]) => [key, population.connections] as const),
  ]) {
    expect(counts.opened + counts.failed, `${name}: attempted = opened + failed`).toBe(counts.attempted);
    expect(
      counts.opened - (counts.planned - counts.neverOpened),
      `${name}: what opened beyond the first time is reconnected`,
    ).toBe(counts.reconnected);
    expect(counts.peakOpen, `${name}: no more are open than planned`).toBeLessThanOrEqual(counts.planned);
  }
  expect(samples(metrics, 'handshake.total'), 'handshake.total.count = opened').toBe(connections.opened);
  expect(sum(closes.map(({ count }) => count)), 'every connection that opened has a close record').toBe(
    connections.opened,
  );
  // The application may refuse a connection that is open: no attempt has failed then.
  const attempts = failures.filter(({ stage }) => stage !== 'dialect');
  expect(sum(attempts.map(({ count }) => count)), 'every failed attempt has a failure record').toBe(
    connections.failed,
  );
}

/** Of broadcasting: what was due to be published, and what was owed to those who listened. */
function expectDeliveries(metrics: Metrics, name: string): void {
  const count = (what: string): number => counter(metrics, `broadcast.${what}`);
  expect(
    count('published') + count('skipped') + count('unsentWhileDisconnected'),
    `${name}: planned = published + skipped + unsentWhileDisconnected`,
  ).toBe(count('planned'));
  const receivedOnce = count('received') - count('duplicated') - count('late');
  expect(
    receivedOnce + count('lost') + count('missedWhileDisconnected'),
    `${name}: expected = received once + lost + missedWhileDisconnected`,
  ).toBe(count('expected'));
  expect(count('foreign'), `${name}: damaged and stray are foreign`).toBeGreaterThanOrEqual(
    count('damaged') + count('stray'),
  );
}

/** Of storms: what was retried, what came of it, and what each fault's recovery says of it. */
function expectReconnects({ metrics, recoveries, populations }: RunResult): void {
  const count = (name: string): number => counter(metrics, name);
  expect(
    count('reconnect.opens') + count('reconnect.failures'),
    'reconnect.attempts = reconnect.opens + reconnect.failures',
  ).toBe(count('reconnect.attempts'));
  expect(samples(metrics, 'reconnect.sendLag')).toBe(count('reconnect.attempts'));
  expect(samples(metrics, 'reconnect.response')).toBe(count('reconnect.opens'));
  expect(samples(metrics, 'recovery.time')).toBe(count('recovery.recovered'));
  expect(samples(metrics, 'recovery.noticed')).toBe(count('recovery.dropped'));
  expect(count('recovery.recovered')).toBeLessThanOrEqual(count('recovery.dropped'));
  recoveries.forEach((recovery, i) => {
    expect(recovery.recovered).toBeLessThanOrEqual(recovery.dropped);
    expect(recovery.t100Ms === null, 'only when all are back there is a time for all').toBe(
      recovery.dropped === 0 || recovery.recovered < recovery.dropped,
    );
    for (const name of ['dropped', 'recovered', 'attempts', 'gaveUp'] as const) {
      const ofPopulations = Object.values(populations).map((population) => population.recoveries[i]?.[name]);
      expect(sum(ofPopulations.map((n) => n ?? Number.NaN)), `${name} by population`).toBe(recovery[name]);
    }
  });
}

function expectExchanges(metrics: Metrics, whose: string): void {
  for (const pattern of PATTERNS) {
    const count = (name: string): number => counter(metrics, `${pattern}.${name}`);
    const what = `${pattern} of ${whose}`;
    expect(
      count('sent') + count('skipped') + count('missedWhileDisconnected'),
      `${what}: planned = sent + skipped + missed`,
    ).toBe(count('planned'));
    expect(count('answered') + count('unanswered'), `${what}: sent = answered + unanswered`).toBe(
      count('sent'),
    );
    expect(samples(metrics, `${pattern}.response`), `${what}: response.count = sent`).toBe(count('sent'));
    expect(samples(metrics, `${pattern}.sendLag`), `${what}: sendLag.count = sent`).toBe(count('sent'));
    expect(samples(metrics, `${pattern}.service`), `${what}: service.count = answered`).toBe(
      count('answered'),
    );
    const response = metrics[`${pattern}.response`];
    if (response?.kind === 'histogram') expect(response.censored).toBe(count('unanswered'));
  }
}

function expectPartsToAddUp({ metrics, populations, phases }: RunResult): void {
  const ofPopulations = Object.values(populations).map((population) => population.metrics);
  const ofPhases = phases.map((phase) => phase.metrics);
  for (const [name, metric] of Object.entries(metrics)) {
    // Resolved once for all, outside of any phase.
    if (name === 'handshake.dns') continue;
    if (!OF_NOBODY.test(name))
      expect(total(name, ofPopulations), `${name}: populations add up`).toBe(amount(metric));
    expect(total(name, ofPhases), `${name}: phases add up`).toBe(amount(metric));
  }
}

function expectSeriesToAddUp({ series, attempts, metrics, connections, closes }: RunResult): void {
  const totals = {
    attempts: connections.attempted,
    opens: connections.opened,
    failures: connections.failed,
    closes: sum(closes.map(({ count }) => count)),
    messagesSent: counter(metrics, 'messages.sent'),
    messagesReceived: counter(metrics, 'messages.received'),
    bytesSent: counter(metrics, 'bytes.sent'),
    bytesReceived: counter(metrics, 'bytes.received'),
  };
  for (const [name, expected] of Object.entries(totals)) {
    expect(sum(series[name as keyof typeof totals]), `series.${name} adds up`).toBe(expected);
  }
  for (const [name, { counts }] of Object.entries(series.histograms)) {
    const inSeries = counts.flatMap((pairs) => pairs.filter((_, i) => i % 2 === 1));
    expect(sum(inSeries), `series of ${name} adds up`).toBe(samples(metrics, name));
  }
  expect(series.open.at(-1), 'nothing is open at the end').toBe(0);
  expect(sum(attempts.attempts)).toBe(connections.attempted);
  expect(sum(attempts.opens)).toBe(connections.opened);
  expect(sum(Object.values(attempts.failures).flat())).toBe(connections.failed);
}

function total(name: string, parts: readonly Metrics[]): number {
  return sum(parts.map((part) => amount(part[name])));
}

function amount(metric: Metric | undefined): number {
  if (metric === undefined) return 0;
  return metric.kind === 'histogram' ? metric.count : (metric.value ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
