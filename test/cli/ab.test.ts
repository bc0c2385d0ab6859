import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ComparisonRecord } from '../../dist/result/comparison.js';
import { COMPARISON_FILE, readComparison } from '../../dist/result/files.js';
import { run } from '../support/cli.js';
import { scratchFolder } from '../support/scratch.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const DYING = fileURLToPath(new URL('../support/limitedServer.mjs', import.meta.url));

/** A room of 20 in which 5 speak ten times a second: for half a second, about 500 deliveries. */
const lobby = `
version: 1
name: lobby
target: { server: broadcast }
dialect: json
populations:
  listeners: { connections: 15, arrive: { over: 100ms } }
  speakers: { connections: 5, arrive: { over: 100ms }, publish: { every: 100ms, size: 64B } }
timeline: [ramp: {}, hold: 500ms, drain: 500ms]
generator: { allowSaturated: true }
`;

function scenarioIn(folder: string): string {
  const path = join(folder, 'lobby.yaml');
  writeFileSync(path, lobby);
  return path;
}

function serving(options = ''): string {
  return `exec node ${MAIN} serve broadcast --port \${port}${options}`;
}

describe.concurrent('wsherd ab', () => {
  it('names the loss that was planted, and no other metric', async () => {
    const folder = scratchFolder();
    const out = join(folder, 'ab');
    const sides = ['--baseline', serving(), '--candidate', serving(' --set inject.lose=3%')];
    const done = await run([
      'ab',
      scenarioIn(folder),
      ...sides,
      '--out',
      out,
      '--rounds',
      '7',
      '--tolerance',
      '50%',
    ]);
    expect(done.stderr).toContain('Report: ');
    expect(done.code).toBe(98);
    const record = readComparison(join(out, COMPARISON_FILE));
    expect(record).toMatchObject({ kind: 'ab', verdict: 'worse', scenario: { name: 'lobby' } });
    expect(worseIn(record)).toEqual(['broadcast.lost']);
    const lost = record.metrics.find(({ name }) => name === 'broadcast.lost');
    expect(lost).toMatchObject({ basis: 'difference', baseline: 0 });
    // Some 500 copies a run, over at least six runs.
    expect(lost?.difference).toBeGreaterThan(0.015);
    expect(lost?.difference).toBeLessThan(0.05);
    expect(record.rounds?.done).toBeGreaterThanOrEqual(6);
    expectInTurn(record);
    expect(readdirSync(out)).toContain('round-01-baseline');
  }, 180_000);

  it('says which side does not start, and what it printed', async () => {
    const folder = scratchFolder();
    const sides = ['--baseline', serving(), '--candidate', 'echo broken ${port} >&2; exit 7'];
    const done = await run(['ab', scenarioIn(folder), ...sides, '--out', join(folder, 'ab')]);
    expect(done.code).toBe(3);
    expect(done.stderr).toContain('The candidate did not start in round 1.');
    expect(done.stderr).toContain('broken');
  });

  it('ends where a side ends by itself, and says so in the record', async () => {
    const folder = scratchFolder();
    const out = join(folder, 'ab');
    // In the second round, with a file that says that there was a first.
    const mark = join(folder, 'mark');
    const dying = `exec node ${DYING} --port \${port} $([ -e ${mark} ] && echo --dies-above 10; touch ${mark})`;
    const sides = ['--baseline', serving(), '--candidate', dying];
    const done = await run(['ab', scenarioIn(folder), ...sides, '--out', out]);
    expect(done.code).toBe(3);
    const record = readComparison(join(out, COMPARISON_FILE));
    expect(record.rounds).toMatchObject({ endedBecause: 'target-failed' });
    expect(record.notes.join(' ')).toContain('The candidate failed in round 2');
    expect(record.unused).toMatchObject([{ side: 'candidate' }]);
  });

  it('ends where a side lets nobody in, and calls that a failed target', async () => {
    const folder = scratchFolder();
    const out = join(folder, 'ab');
    const refusing = `require('http').createServer().on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 full\\r\\n\\r\\n'))`;
    const closed = `exec node -e "${refusing}.listen(\${port}, '127.0.0.1')"`;
    const done = await run([
      'ab',
      scenarioIn(folder),
      '--baseline',
      serving(),
      '--candidate',
      closed,
      '--out',
      out,
    ]);
    expect(done.code).toBe(3);
    expect(done.stdout + done.stderr).toContain('The candidate failed in round 1');
  });

  it.each([
    { args: ['--rounds', '5'], says: 'at least 6 runs a side for an interval at 95 %' },
    { args: ['--tolerance', '3'], says: 'write it in per cent, such as 3%' },
    { args: ['--candidate', 'node server.js'], says: 'write ${port} where the command says on which port' },
    { args: ['--calibration', 'nowhere.json'], says: 'nowhere.json cannot be read' },
  ])('refuses $args, and starts nothing', async ({ args, says }) => {
    const folder = scratchFolder();
    const out = join(folder, 'ab');
    const sides = args.includes('--candidate') ? [] : ['--candidate', serving()];
    const done = await run([
      'ab',
      scenarioIn(folder),
      '--baseline',
      serving(),
      ...sides,
      ...args,
      '--out',
      out,
    ]);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain(says);
    expect(existsSync(out)).toBe(false);
  });
});

describe.concurrent('what ab has run', () => {
  it('can be kept, compared with and calibrated on', async () => {
    const folder = scratchFolder();
    const out = join(folder, 'calibration');
    const kept = join(folder, 'baselines');
    const calibrated = await run(['calibrate', scenarioIn(folder), '--rounds', '6', '--out', out]);
    expect(calibrated.code).toBe(0);
    const calibration = JSON.parse(readFileSync(join(out, 'calibration.json'), 'utf8'));
    expect(calibration).toMatchObject({ runs: 12, scenario: { name: 'lobby' } });
    expect(calibration.metrics.map(({ name }: { name: string }) => name)).toContain('broadcast.last p50');

    const saved = await run(['compare', out, '--save-baseline', 'main', '--baselines', kept]);
    expect(saved.code).toBe(0);
    expect(saved.stderr).toContain('Baseline main: 12 runs');
    expect(readFileSync(join(kept, 'main.json')).length).toBeLessThan(200_000);

    const one = join(out, 'round-01-baseline', 'result.json');
    const few = await run(['compare', '--against', 'main', '--baselines', kept, '--candidate', one]);
    expect(few.code).toBe(2);
    expect(few.stderr).toContain('The candidate has 1 run: it needs at least 6 a side');

    const rounds = readdirSync(out).filter((name) => name.startsWith('round-'));
    const candidates = rounds.slice(0, 6).map((name) => join(out, name));
    const again = join(folder, 'again');
    const known = ['--calibration', out, '--out', again];
    const args = [
      'compare',
      '--against',
      'main',
      '--baselines',
      kept,
      '--candidate',
      ...candidates,
      ...known,
    ];
    expect((await run(args)).code).toBe(0);
    const record = readComparison(join(again, COMPARISON_FILE));
    expect(record).toMatchObject({
      kind: 'compare',
      baseline: { name: 'main', runs: 12 },
      candidate: { runs: 6 },
    });
    expect(record.method.calibration).toBe(calibration.measuredAt);
  }, 180_000);
});

function worseIn({ metrics }: ComparisonRecord): string[] {
  return metrics.filter(({ gated, verdict }) => gated && verdict === 'worse').map(({ name }) => name);
}

/** ABBA: over two rounds each side is first once. */
function expectInTurn({ runs }: ComparisonRecord): void {
  const inOrder = [...runs].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).map(({ side }) => side);
  const turns = ['candidate', 'baseline', 'baseline', 'candidate'];
  const expected = inOrder.map((_, i) => turns[i % 4] ?? '');
  expect(inOrder[0] === 'candidate' ? inOrder : inOrder.map(other)).toEqual(expected);
}

function other(side: string): string {
  return side === 'baseline' ? 'candidate' : 'baseline';
}
