import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../shard.mjs';
import { FOLDER, wsherd } from './comparing.mjs';

const RUNS = 20;
const TIMES = 3;
const MOST_SECONDS = 2;

/** How long `wsherd compare` takes, start and page included, for 2 x 20 records: copies of one. */
export async function measureSpeed() {
  const folder = join(FOLDER, 'speed');
  const one = join(folder, 'one');
  await wsherd(['run', 'bench/regressions/heartbeats.yaml', '--out', one, '--force', '--quiet']);
  const record = JSON.parse(readFileSync(join(one, 'result.json'), 'utf8'));
  // Of a busy machine the run may say that it is not valid: how long it takes to compare is the same.
  record.run.validity = { status: 'valid', reasons: [] };
  const [baseline, candidate] = ['baseline', 'candidate'].map((side) => copies(folder, side, record));
  const args = ['compare', ...baseline, '--candidate', ...candidate, '--out', join(folder, 'out'), '--force'];
  const calls = [];
  for (let i = 0; i < TIMES; i++) calls.push(await wsherd(args));
  rmSync(folder, { recursive: true });
  const failed = calls.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`wsherd compare ended with ${failed.code}: ${failed.stderr}`);
  const value = median(calls.map(({ tookMs }) => tookMs)) / 1000;
  return {
    rows: [{ records: 2 * RUNS, 'seconds, median of 3': value.toFixed(2) }],
    demands: [{ what: 'seconds that compare takes for 2 x 20 records', value, most: MOST_SECONDS }],
  };
}

function copies(folder, side, record) {
  const text = JSON.stringify(record);
  return Array.from({ length: RUNS }, (_, i) => {
    const own = join(folder, side, String(i + 1));
    mkdirSync(own, { recursive: true });
    const path = join(own, 'result.json');
    writeFileSync(path, text);
    return path;
  });
}
