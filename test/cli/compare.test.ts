import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPARISON_FILE, RESULT_FILE } from '../../dist/result/files.js';
import type { RunResult } from '../../dist/result/types.js';
import { goodRun } from '../report/fixture.js';
import { run } from '../support/cli.js';
import { scratchFolder } from '../support/scratch.js';

const good = goodRun();

/** As many records of runs whose connections take so many times the usual memory; returns their folders. */
function recordsIn(folder: string, times: number, change: Partial<RunResult> = {}, count = 6): string[] {
  return Array.from({ length: count }, (_, i) => {
    const memory = good.target.memoryPerConnection;
    if (memory === null) throw new Error('the run has no memory');
    const bytes = memory.bytes * times * (1 + i / 1000);
    const record = {
      ...good,
      ...change,
      target: { ...good.target, memoryPerConnection: { ...memory, bytes } },
    };
    const own = join(folder, `run-${i + 1}`);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, RESULT_FILE), JSON.stringify(record));
    return own;
  });
}

function sidesIn(folder: string) {
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  recordsIn(before, 1);
  recordsIn(after, 2);
  return { before, after, kept: ['--baselines', join(folder, 'kept')], out: ['--out', join(folder, 'out')] };
}

describe.concurrent('wsherd compare', () => {
  it('exits with 98 for what is worse, names it, and with --quiet leaves the files alone', async () => {
    const { before, after, out } = sidesIn(scratchFolder());
    const done = await run(['compare', before, '--candidate', after, ...out]);
    expect(done.code).toBe(98);
    expect(done.stdout).toMatch(/^Worse: memory\.perConnection went from .*, 100 % more/);
    const quiet = await run(['compare', before, '--candidate', after, ...out, '--force', '--quiet']);
    expect([quiet.code, quiet.stdout]).toEqual([98, '']);
    expect(readdirSync(out[1] ?? '')).toContain('report.html');
  });

  it('compares with what was kept before it keeps the candidate under the same name', async () => {
    const { before, after, kept, out } = sidesIn(scratchFolder());
    expect((await run(['compare', before, '--save-baseline', 'main', ...kept])).code).toBe(0);
    const update = ['--against', 'main', '--candidate', after, '--save-baseline', 'main'];
    const done = await run(['compare', ...update, ...kept, ...out]);
    expect(done.code).toBe(98);
    expect(done.stderr).toContain('Baseline main: 6 runs');
    const again = await run([
      'compare',
      '--against',
      'main',
      '--candidate',
      after,
      ...kept,
      ...out,
      '--force',
    ]);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^The same/);
  });

  it('says of a kept baseline that is too small that it cannot be compared with', async () => {
    const folder = scratchFolder();
    const few = recordsIn(join(folder, 'few'), 1, {}, 2);
    const kept = ['--baselines', join(folder, 'kept')];
    const saved = await run(['compare', ...few, '--save-baseline', 'main', ...kept]);
    expect(saved.code).toBe(0);
    expect(saved.stderr).toContain('; to be compared with it needs at least 6');
  });

  it('refuses what was measured on another machine, and says so where it is compared all the same', async () => {
    const { before, kept, out } = sidesIn(scratchFolder());
    const [machine] = good.environment.machines;
    if (machine === undefined) throw new Error('the run has no machine');
    const other = { ...machine, cpus: { model: 'Other', count: 64 } };
    const elsewhere = join(scratchFolder(), 'elsewhere');
    recordsIn(elsewhere, 1, { environment: { ...good.environment, machines: [other] } });
    await run(['compare', before, '--save-baseline', 'main', ...kept]);
    const args = ['compare', '--against', 'main', '--candidate', elsewhere, ...kept, ...out];
    const refused = await run(args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--allow-other-machines');
    const allowed = await run([...args, '--allow-other-machines']);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain('64 x Other');
  });

  it.each([
    {
      what: 'a run given twice',
      args: ({ before }: Given) => [before, '--candidate', before],
      says: 'is given twice: name each run once, on one side',
    },
    {
      what: 'too few runs',
      args: ({ before, after }: Given) => [join(before, 'run-1'), '--candidate', after],
      says: 'The baseline has 1 run: it needs at least 6 a side for an interval at 95 %. Run the scenario 5 more times',
    },
    {
      what: 'a candidate without a baseline',
      args: ({ after }: Given) => ['--candidate', after],
      says: 'Name results of it first, or a kept one with --against.',
    },
    {
      what: 'what ab leaves behind',
      args: ({ both }: Given) => [both, '--save-baseline', 'main'],
      says: 'holds runs of both sides: name those of one, such as',
    },
    {
      what: 'a seed that is no number',
      args: ({ before, after }: Given) => [before, '--candidate', after, '--seed', 'abc'],
      says: '--seed takes a whole number from 0 on.',
    },
    {
      what: 'a baseline of a later version',
      args: ({ after, later }: Given) => ['--against', 'later', '--baselines', later, '--candidate', after],
      says: 'is not a baseline of wsherd, schema version 1. Keep it anew with --save-baseline.',
    },
    {
      what: 'a folder that cannot be made',
      args: ({ before }: Given) => [before, '--save-baseline', 'main', '--baselines', '/proc/none/kept'],
      says: 'The folder /proc/none/kept cannot be made',
    },
  ])('refuses $what with what to do', async ({ args, says }) => {
    const folder = scratchFolder();
    const { before, after, out } = sidesIn(folder);
    const both = join(folder, 'both');
    recordsIn(both, 1);
    writeFileSync(
      join(both, COMPARISON_FILE),
      JSON.stringify({ schemaVersion: 1, kind: 'ab', verdict: 'same', candidate: {} }),
    );
    const later = join(folder, 'later');
    mkdirSync(later);
    writeFileSync(join(later, 'later.json'), JSON.stringify({ schemaVersion: 9, runs: [], asked: {} }));
    const done = await run(['compare', ...args({ before, after, both, later }), ...out]);
    expect(done.stderr).toContain(says);
    expect(done.code).toBe(2);
  });
});

interface Given {
  readonly before: string;
  readonly after: string;
  readonly both: string;
  readonly later: string;
}
