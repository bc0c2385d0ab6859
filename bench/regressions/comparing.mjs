import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = 'dist/cli/main.js';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Of `npm run bench`: in the folder of the project. */
export const FOLDER = 'reports/bench-regressions';

/** Calls wsherd from dist/ as a user does; a comparison is quiet by itself. */
export function wsherd(args) {
  const startMs = performance.now();
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: ROOT, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        resolve({ code, stdout, stderr, tookMs: performance.now() - startMs });
      },
    );
  });
}

/**
 * A reference server as a user would start his own, with options of its own and of Node. `exec`: the shell makes room for it.
 */
export function serveCommand(server, options = [], flags = []) {
  const set = options.map((option) => ` --set ${option}`).join('');
  return `exec ${['node', ...flags, MAIN].join(' ')} serve ${server} --port \${port}${set}`;
}

/**
 * One comparison by `wsherd ab`: how it ended, and what of its record there is to say. The runs themselves are thrown away.
 */
export async function compareCommands({ scenario, settings = [], baseline, candidate, seed, rounds }) {
  const out = join(FOLDER, 'running');
  const { code, stderr, tookMs } = await wsherd([
    ...['ab', scenario, '--baseline', baseline, '--candidate', candidate],
    ...['--rounds', String(rounds), '--set', `seed=${seed}`],
    ...settings.flatMap((setting) => ['--set', setting]),
    ...['--out', out, '--force', '--quiet', '--reporter', 'json'],
  ]);
  const record = readRecord(join(ROOT, out, 'comparison.json'));
  rmSync(join(ROOT, out), { recursive: true, force: true });
  const ended = { code, seconds: Math.round(tookMs / 1000) };
  if (record === null) return { ...ended, verdict: null, why: stderr.trim().slice(-500) };
  const { verdict, metrics, unused, rounds: spent } = record;
  return { ...ended, verdict, worse: worseIn(metrics), rounds: spent, unused: unused.length, metrics };
}

/** Null where a comparison has ended before it had any run. */
function readRecord(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function worseIn(metrics) {
  return metrics.filter(({ gated, verdict }) => gated && verdict === 'worse').map(({ name }) => name);
}

/**
 * A file with a line for each comparison, kept as soon as it is made: a bench that is interrupted goes on from there. Lines of
 * another `what` are not read: other commands, another scenario, another way to judge.
 */
export function openLog(name, what, fresh) {
  const path = join(ROOT, FOLDER, `${name}.ndjson`);
  mkdirSync(dirname(path), { recursive: true });
  if (fresh) rmSync(path, { force: true });
  const key = keyOf(what);
  const lines = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
        .filter((line) => line.key === key && line.verdict !== null)
    : [];
  return {
    lines,
    add(line) {
      appendFileSync(path, `${JSON.stringify({ key, at: new Date().toISOString(), ...line })}\n`);
      if (line.verdict !== null) lines.push(line);
    },
  };
}

function keyOf({ scenario, ...others }) {
  const hash = createHash('sha256').update(JSON.stringify(others));
  const judging = join(ROOT, 'dist/compare');
  const sources = readdirSync(judging).filter((file) => file.endsWith('.js'));
  for (const path of [...sources.sort().map((file) => join(judging, file)), join(ROOT, scenario)]) {
    hash.update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 12);
}
