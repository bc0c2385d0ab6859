import { median } from '../shard.mjs';
import { compareCommands, openLog, serveCommand } from './comparing.mjs';

const COMPARISON = {
  scenario: 'bench/regressions/heartbeats.yaml',
  baseline: serveCommand('heartbeat'),
  candidate: serveCommand('heartbeat'),
  settings: ['populations.clients.arrive.over=800ms', 'timeline.1.hold=1500ms'],
  // The fewest that give a verdict: the whole level is spent on one look, which ends soon enough to be done forty times.
  rounds: 6,
};
/** In forty comparisons; at the rate that they are designed for, two or more are one case in sixteen. */
const MOST_ALARMS = 1;
const MOST_OVERHEAD_MS = 3000;
/** Comparisons in a row that come to nothing: then there is more wrong than a busy machine. */
const MOST_FAILED = 5;

/** Compares a server with itself, as often as it is asked to, and counts what comes out. */
export async function compareIdentical({ times, fresh }) {
  const log = openLog('identical', COMPARISON, fresh);
  if (log.lines.length > 0) console.log(`${Math.min(log.lines.length, times)} of ${times} were made before.`);
  let failed = 0;
  while (log.lines.length < times && failed < MOST_FAILED) {
    const seed = log.lines.length + failed + 1;
    const line = await compareCommands({ ...COMPARISON, seed });
    log.add(line);
    failed = line.verdict === null ? failed + 1 : 0;
    console.log(`identical ${log.lines.length} of ${times}: ${described(line)}`);
  }
  const lines = log.lines.slice(0, times);
  if (lines.length === 0) throw new Error('No comparison of a server with itself came to a record.');
  return { rows: rowsOf(lines), demands: demandsOf(lines, times) };
}

/** `same (8 rounds, 104 s)`. */
export function described({ verdict, code, why, worse, rounds, seconds, unused }) {
  if (verdict === null) return `no record, exit code ${code}: ${why}`;
  const metrics = worse.length === 0 ? '' : ` by ${worse.join(', ')}`;
  const useless = unused === 0 ? '' : `, ${unused} runs of no use`;
  return `${verdict}${metrics} (${rounds.done} rounds, ${rounds.endedBecause}, ${seconds} s${useless})`;
}

function rowsOf(lines) {
  const count = (verdict) => lines.filter((line) => line.verdict === verdict).length;
  const undecided = lines.flatMap(({ metrics }) =>
    metrics.filter(({ gated, verdict }) => gated && verdict === 'inconclusive').map(({ name }) => name),
  );
  return [
    {
      comparisons: lines.length,
      worse: count('worse'),
      same: count('same'),
      better: count('better'),
      inconclusive: count('inconclusive'),
      'rounds, median': median(lines.map(({ rounds }) => rounds.done)),
      'seconds, median': median(lines.map(({ seconds }) => seconds)),
      'undecided most often': mostOften(undecided),
    },
  ];
}

function mostOften(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first === undefined ? 'none' : `${first[0]} (${first[1]} times)`;
}

function demandsOf(lines, times) {
  return [
    { what: `comparisons of a server with itself, of ${times}`, value: lines.length, least: times },
    {
      what: 'of these, called worse',
      value: lines.filter(({ verdict }) => verdict === 'worse').length,
      most: MOST_ALARMS,
    },
    {
      what: 'ms that a round of ab takes beside its two runs, median',
      value: median(lines.map(({ rounds }) => rounds.overheadMs)),
      most: MOST_OVERHEAD_MS,
    },
  ];
}
