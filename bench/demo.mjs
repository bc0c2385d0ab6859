/**
 * `npm run demo:500k`, `npm run demo:1m`: holds that many connections from this machine alone, and says what it cost.
 * argv[2]: the number of connections; argv[3]: how many of them come in a second; the
 * rest: settings of the scenario, path=value. Exits with 3 when this machine cannot carry it, with 1 when a demand is not met.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { slope } from './shard.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SAMPLE_MS = 5000;
/** What both ends and the kernel take, measured, rounded up; and what one process may have open beside connections. */
const BYTES_PER_CONNECTION = 17_000;
const DESCRIPTORS_BESIDE = 130;

const connections = Number(process.argv[2] ?? 500_000);
const offeredPerSecond = Number(process.argv[3] ?? 4200);
const limits = readFileSync('/proc/self/limits', 'utf8');
const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
const availableBytes =
  1024 * Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
const processes = Math.ceil(connections / (Math.min(descriptors, 20_000) - DESCRIPTORS_BESIDE));

const problems = [
  ...(availableBytes < connections * BYTES_PER_CONNECTION
    ? [
        `${gib(connections * BYTES_PER_CONNECTION)} GiB of memory are needed, ${gib(availableBytes)} GiB are available.`,
      ]
    : []),
  ...(descriptors < 10_000
    ? [`A process may open ${descriptors} files: raise that first, with ulimit -n 20000.`]
    : []),
  ...(existsSync(`${ROOT}/dist/cli/main.js`) ? [] : ['Build wsherd first: npm ci.']),
];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(3);
}

const folder = `${ROOT}/reports/demo-${connections}`;
const settings = {
  'populations.clients.connections': connections,
  'populations.clients.arrive.rate': `${offeredPerSecond}/s`,
  'target.instances': processes,
};
const child = spawn(
  process.execPath,
  [
    ...['dist/cli/main.js', 'run', 'scenarios/hold-500k.yaml', '--out', folder, '--force'],
    ...['--processes', String(processes)],
    ...Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]),
    ...process.argv.slice(4).flatMap((setting) => ['--set', setting]),
  ],
  // A session of its own is a scheduling group of its own, which precedence can be given to.
  { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'], detached: true },
);
givePrecedence(child.pid);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
let open = 0;
let phase = '';
child.stderr.setEncoding('utf8').on('data', (text) => {
  process.stderr.write(text);
  for (const [, name, count] of text.matchAll(/\d+ s {2}(\S+) +([\d,]+) of [\d,]+ open/g)) {
    phase = name;
    open = Number(count.replaceAll(',', ''));
  }
});

const samples = [];
const timer = setInterval(() => {
  const memory = generatorPss(child.pid);
  samples.push({ phase, open, rssBytes: memory });
}, SAMPLE_MS);
const code = await new Promise((resolve) => child.once('exit', resolve));
clearInterval(timer);
if (code !== 0) console.error(`wsherd ended with code ${code}.`);
report(JSON.parse(readFileSync(`${folder}/result.json`, 'utf8')));

/**
 * Linux shares the processors among sessions, and every process that wsherd starts has one of its own: the one that reads what
 * all others tell would get no more than any of them, too little while the machine is full. Only root may change that.
 */
function givePrecedence(pid) {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '-15');
  } catch {
    console.error(
      'Not root, so wsherd is given no precedence here: beyond half a million it may lag by minutes.',
    );
  }
}

/** Proportional set size of wsherd and its processes; the servers are not among them. */
function generatorPss(pid) {
  const family = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name, pid));
  return family.reduce(
    (sum, name) => sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(name, 'smaps_rollup'))?.[1] ?? 0),
    0,
  );
}

function isOurs(name, pid) {
  if (Number(name) === pid) return true;
  if (!read(name, 'cmdline').includes('hostProcess.js')) return false;
  return Number(/\) \S (\d+)/.exec(read(name, 'stat'))?.[1]) === pid;
}

function read(name, file) {
  try {
    return readFileSync(`/proc/${name}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function report(result) {
  const { connections: counts, phases, metrics, target } = result;
  const ramp = phases.find(({ kind }) => kind === 'ramp');
  const hold = phases.find(({ kind }) => kind === 'hold');
  const held = samples.filter((sample) => sample.phase === 'hold').map(({ rssBytes }) => rssBytes);
  const growing = samples.filter((sample) => sample.phase === 'ramp' && sample.open > 0.1 * connections);
  const perSecond = counts.opened / ((ramp.endMs - ramp.startMs) / 1000);
  const allIn = Math.max(...held) / connections / 1024;
  const bySlope = slope(growing) / 1024;
  const response = hold?.metrics['heartbeat.response'];
  const rows = [
    ['connections held at the end', counts.openAtEnd, connections, 'least'],
    ['lost', counts.dropped + counts.neverOpened + counts.failed, 0, 'most'],
    ['opened a second, all in', perSecond, (offeredPerSecond * 5) / 6, 'least'],
    ['generator, PSS per connection, all in, KiB', allIn, 7.5, 'most'],
    ['generator, PSS per connection, by slope, KiB', bySlope, 5, 'most'],
    ['lines of the books that differ', target.books.filter(({ balanced }) => !balanced).length, 0, 'most'],
  ];
  const judged = rows.map(([what, value, limit, kind]) => ({
    what,
    value: Number(value.toFixed(2)),
    [`at ${kind}`]: limit,
    met: kind === 'least' ? value >= limit : value <= limit,
  }));
  console.table(judged);
  console.log(
    `heartbeats during hold: ${hold?.metrics['heartbeat.sent']?.value} sent, p50 ${response?.p50} us, p99 ${response?.p99} us`,
  );
  console.log(
    `held for ${((hold.endMs - hold.startMs) / 1000).toFixed(0)} s; handshake p50 ${metrics['handshake.total'].p50} us, p99 ${metrics['handshake.total'].p99} us`,
  );
  process.exitCode = judged.every(({ met }) => met) ? 0 : 1;
}

function gib(bytes) {
  return (bytes / 2 ** 30).toFixed(1);
}
