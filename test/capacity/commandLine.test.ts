import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CapacityRecord } from '../../dist/result/capacity.js';
import { readCapacity } from '../../dist/result/files.js';
import { type CliRun, run } from '../support/cli.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

const blockedWorkers = fileURLToPath(new URL('../support/blockedWorkers.mjs', import.meta.url));

const populations = {
  clients: { connections: 10, arrive: { rate: '500/s' }, heartbeat: { every: '100ms' } },
};
const timeline = [{ ramp: {} }, { hold: '5s' }, { drain: '1s' }];
const target = { server: 'heartbeat' };

interface Searched extends Pick<CliRun, 'code' | 'stdout' | 'stderr'> {
  readonly out: string;
  readonly record: CapacityRecord;
}

async function capacity(file: string, args: readonly string[], options = {}): Promise<Searched> {
  const out = join(scratchFolder(), 'search');
  const { code, stdout, stderr } = await run(
    ['capacity', file, '--out', out, '--cool-down', '0s', ...args],
    options,
  );
  return { code, stdout, stderr, out, record: readCapacity(join(out, 'capacity.json')) };
}

test.concurrent('a generator slowed on purpose never yields a capacity', async () => {
  const file = scenarioFile({ target, populations, timeline });
  const { code, stdout, record } = await capacity(
    file,
    ['--vary', 'connections', '--from', '10', '--to', '100'],
    { env: { NODE_OPTIONS: `--import=${blockedWorkers}` } },
  );
  expect(code).toBe(4);
  expect(record).toMatchObject({ outcome: 'generator', lastPass: null, firstFail: 10 });
  expect(record.limitedBy?.code).toBe('generator');
  expect(stdout).toMatch(/^No capacity: already at 10 the generator, not the server, was the limit\.\n/);
});

test.concurrent('what this machine cannot carry ends the search as the limit of the generator', async () => {
  const file = scenarioFile({
    target,
    populations,
    timeline,
    capacity: { vary: 'connections', from: 1, to: 2, precision: '50%', tries: 1, measure: '100ms' },
  });
  // The command line wins.
  const { code, stdout, stderr, record, out } = await capacity(file, ['--from', '200', '--to', '400'], {
    before: 'ulimit -n 400',
  });
  expect(code, stderr).toBe(4);
  expect(record).toMatchObject({ outcome: 'generator', lastPass: 300, firstFail: 400 });
  expect(stdout).toMatch(
    /^At least 300 connections: at 400 the generator, not the server, was the limit\.\n/,
  );
  expect(stderr).toMatch(/^200 connections: passed \(heartbeat\.response p99 [\d.]+ ms\)$/m);
  expect(stderr).toMatch(/^400 connections: not valid: .*400 connections need \d+ file descriptors/m);
  const [first] = record.levels[0]?.tries ?? [];
  expect(existsSync(join(out, first?.folder ?? '', 'report.html'))).toBe(true);

  const again = await run(['report', out]);
  expect(again.stdout).toBe(stdout);
  const json = await run(['report', join(out, 'capacity.json'), '--json']);
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(readFileSync(join(out, 'capacity.json'), 'utf8')));

  const refused = await run(['capacity', file, '--out', out]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('holds a run already');
});

test.concurrent('what makes no sense is refused before anything starts, in the words of the options', async () => {
  const file = scenarioFile({ target, populations, timeline });
  const refuse = async (args: readonly string[], given = file): Promise<string> => {
    const { code, stderr } = await run(['capacity', given, ...args]);
    expect(code, stderr).toBe(2);
    return stderr.trim();
  };
  const all = await Promise.all([
    refuse([]),
    refuse(['--vary', 'connections', '--from', '100']),
    refuse(['--vary', 'users', '--from', '200', '--to', '100']),
    refuse(['--vary', 'rooms', '--from', '200', '--to', '100', '--tries', '2', '--needed', '3']),
    refuse(
      ['--vary', 'connections', '--from', '10', '--to', '100'],
      scenarioFile({
        target,
        populations,
        matrix: { 'populations.clients.connections': [10, 20] },
      }),
    ),
  ]);
  expect(all[0]).toBe(
    'Say what to search: --vary connections --from 100 --to 10000, or write capacity: { vary: connections, from: 100, to: 10000 } in the scenario.',
  );
  expect(all[1]).toMatch(/^--to: is missing/m);
  expect(all[2]).toMatch(/^--vary: "users" is not known/);
  expect(all[3]?.split('\n')).toEqual([
    '--from: must be less than to, which is 100',
    '--needed: is more than the 2 tries: write 2 or less, or more tries',
    '--vary: no population joins rooms: write join: { rooms: 10 } in those that do',
  ]);
  expect(all[4]).toMatch(/has a matrix: take it out with --set matrix=\{\}/);
});
