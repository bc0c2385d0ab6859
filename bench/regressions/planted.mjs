import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../shard.mjs';
import { compareCommands, FOLDER, openLog, serveCommand, wsherd } from './comparing.mjs';
import { described } from './identical.mjs';

const HEARTBEATS = 'bench/regressions/heartbeats.yaml';
const CONNECTIONS = 'bench/regressions/connections.yaml';
const BROADCAST = 'bench/regressions/broadcast.yaml';
const ROUNDS = 10;
/** Of the CPU that a message takes by itself. */
const CPU_SHARE = 0.2;
/**
 * Memory is what garbage collection leaves, whose pace a busier server changes too: without plateaus it is not measured. The hold is
 * long enough for the first second, in which the server's code is compiled, to be little of it.
 */
const CPU_SETTINGS = ['timeline.0.ramp={}', 'timeline.1.hold=5s'];

/**
 * What a change moves beside the metric that names it: CPU of the ramp is that of its heartbeats too, and requests that wait are
 * memory while they do.
 */
const plants = (cpuUs) => [
  {
    name: 'cpu',
    what: `${cpuUs} us more CPU per message (20 %)`,
    ...{ server: 'heartbeat', scenario: HEARTBEATS, option: `cost.message=${cpuUs}us` },
    settings: CPU_SETTINGS,
    names: 'target.cpuPerMessage',
    related: /^(heartbeat\.response|target\.cpuPerConnect)/,
  },
  {
    name: 'memory',
    what: '4 KiB more memory per connection',
    ...{ server: 'heartbeat', scenario: CONNECTIONS, option: 'state=4KiB' },
    // As docs/memory.md has it for servers in Node: their garbage would hide it.
    flags: ['--max-semi-space-size=1', '--import', './dist/probe/probe.js'],
    names: 'memory.heapPerConnection',
    related: /^(memory\.perConnection|handshake\.total|target\.cpuPerConnect)/,
  },
  {
    name: 'loss',
    what: '1 % of the copies lost',
    ...{ server: 'broadcast', scenario: BROADCAST, option: 'inject.lose=1%' },
    names: 'broadcast.lost',
    related: /^broadcast\.lost/,
  },
  {
    name: 'handshake',
    what: '5 ms more per handshake, waited',
    ...{ server: 'heartbeat', scenario: HEARTBEATS, option: 'handshake.delay=5ms' },
    names: 'handshake.total p50',
    related: /^(handshake\.total|target\.cpuPerConnect|memory\.perConnection)/,
  },
];

/** Compares a server with one that has one known change, for each of four, and holds against it what is called worse. */
export async function comparePlanted({ fresh }) {
  const cpuUs = Math.max(1, Math.round(CPU_SHARE * (await cpuPerMessageUs())));
  const rows = [];
  const demands = [];
  for (const plant of plants(cpuUs)) {
    const line = await comparisonWith(plant, fresh);
    console.log(`${plant.what}: ${described(line)}`);
    const worse = line.worse ?? [];
    const unrelated = worse.filter((name) => name !== plant.names && !plant.related.test(name));
    rows.push({
      planted: plant.what,
      verdict: line.verdict ?? 'none',
      rounds: line.rounds?.done ?? 0,
      worse: worse.join(', '),
      'by its metric': changeOf(line, plant.names),
    });
    demands.push(
      {
        what: `${plant.what}: called worse by ${plant.names}`,
        value: Number(worse.includes(plant.names)),
        least: 1,
      },
      { what: `${plant.what}: other metrics called worse`, value: unrelated.length, most: 0 },
    );
  }
  return { rows, demands };
}

async function comparisonWith({ name, server, scenario, option, settings, flags }, fresh) {
  const comparison = {
    ...{ scenario, settings, rounds: ROUNDS },
    baseline: serveCommand(server, [], flags),
    candidate: serveCommand(server, [option], flags),
  };
  // The cost comes from a measurement of its own, which is another one each time.
  const { candidate: _, ...kept } = comparison;
  const log = openLog(`planted-${name}`, kept, fresh);
  const [before] = log.lines;
  if (before !== undefined) return before;
  const line = await compareCommands({ ...comparison, seed: 1 });
  log.add(line);
  return line;
}

function changeOf({ metrics = [] }, wanted) {
  const metric = metrics.find(({ name }) => name === wanted);
  if (metric === undefined) return 'not measured';
  const { basis, ratio, difference, ci95 } = metric;
  const interval = ci95 === null ? '' : ` (${ci95.map((end) => end.toPrecision(3)).join(' to ')})`;
  return `${basis === 'ratio' ? 'x' : '+'}${(basis === 'ratio' ? ratio : difference).toPrecision(3)}${interval}`;
}

/** Of the server as it is, on this machine, at the rate of the scenario. */
async function cpuPerMessageUs() {
  const out = join(FOLDER, 'pilot');
  const measured = [];
  for (let i = 0; i < 3; i++) {
    await wsherd([
      ...['run', HEARTBEATS, ...CPU_SETTINGS.flatMap((setting) => ['--set', setting])],
      ...['--out', out, '--force', '--quiet', '--reporter', 'json'],
    ]);
    const { target } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    measured.push(target.cpuPerMessageUs);
  }
  rmSync(out, { recursive: true });
  return median(measured);
}
