/** The scenarios of capacity in short forms, as a user runs them. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CAPACITY_FILE, readCapacity } from '../../dist/result/files.js';
import { run } from '../support/cli.js';
import { scratchFolder } from '../support/scratch.js';

async function search(name: string, ...more: readonly string[]) {
  const out = join(scratchFolder(), 'search');
  const args = ['--tries', '1', '--cool-down', '0s', '--reporter', 'text', '--out', out, ...more];
  const { code, stdout, stderr } = await run(['capacity', `scenarios/${name}.yaml`, ...args]);
  return { code, stdout, stderr, record: readCapacity(join(out, CAPACITY_FILE)) };
}

const set = (path: string, value: string | number): string[] => ['--set', `${path}=${value}`];

test.concurrent('capacity-connections finds a cap to the very connection', async () => {
  const { code, stdout, stderr, record } = await search(
    'capacity-connections',
    ...set('target.options.limit.connections', 37),
    ...set('populations.clients.heartbeat.every', '50ms'),
    ...['--from', '24', '--to', '48', '--settle', '100ms', '--measure', '1s'],
  );
  expect(code, stderr).toBe(0);
  expect(record).toMatchObject({ outcome: 'bracketed', lastPass: 37, firstFail: 38 });
  expect(record.limitedBy?.evidence[0]).toMatchObject({ code: 'refused', status: 503, count: 1 });
  expect(stdout).toMatch(/^The server holds 37 connections; at 38 it refused 1 with HTTP 503/);
});

test('capacity-connect-rate finds where a core is used up', async () => {
  const { stderr, record } = await search(
    'capacity-connect-rate',
    ...set('target.options.cost.connect', '20ms'),
    ...set('populations.clients.connections', 120),
    ...['--from', '20', '--to', '160', '--precision', '50%', '--measure', '500ms'],
  );
  // One core opens fewer than 50 a second.
  expect(record.outcome, stderr).toBe('bracketed');
  expect(record.lastPass).toBeGreaterThanOrEqual(20);
  expect(record.lastPass).toBeLessThan(80);
  expect(record.limitedBy?.evidence.map(({ code }) => code)).toContain('latency');
  expect(['target-cpu', 'latency']).toContain(record.limitedBy?.code);
});

test('capacity-broadcast finds where the copies of what is published use up a core', async () => {
  const { stderr, record } = await search(
    'capacity-broadcast',
    ...set('target.options.work', '500us'),
    ...set('populations.listeners.connections', 18),
    ...set('populations.speakers.connections', 2),
    ...['--from', '40', '--to', '320', '--precision', '50%', '--settle', '100ms', '--measure', '3s'],
  );
  // 19 or 20 copies of 500 us each: no more than 105 a second.
  expect(record.outcome, stderr).toBe('bracketed');
  expect(record.lastPass).toBeLessThan(160);
  expect(['target-cpu', 'latency']).toContain(record.limitedBy?.code);
});
