/**
 * Runs one shard on the main thread of a process of its own, exactly as a worker would, and sends what it cost
 * to its parent. argv[2]: `{ scenario, url, warmUpSeconds, seconds, steps }` as JSON.
 */
import process from 'node:process';
import { nowUs } from '../dist/clock.js';
import { loadDialect } from '../dist/dialects/list.js';
import { ShardLoad } from '../dist/load/shardLoad.js';
import { decodeHistogram } from '../dist/metrics/histogram.js';
import { readMachine } from '../dist/plan/machine.js';
import { planRun } from '../dist/plan/plan.js';
import { workerTasks } from '../dist/run/tasks.js';
import { parseScenario } from '../dist/scenario/read.js';

const { scenario: document, url, warmUpSeconds, seconds, steps } = JSON.parse(process.argv[2]);
const scenario = parseScenario({ text: JSON.stringify(document), file: null, folder: '.', env: {} });
const plan = planRun(scenario, readMachine(true), { workers: 1, processes: null });
const target = { url: new URL(url), urls: [new URL(url)], address: '127.0.0.1', ca: null };
const [task] = workerTasks(plan, { target, proxy: null });

const counts = {};
let sendLag = null;
let onSnapshot = () => {};
let onSettled = () => {};
let measuring = false;

const dialects = await Promise.all(task.shard.populations.map(({ spec }) => loadDialect(spec.dialect)));
const startUs = nowUs() + 50_000;
const load = new ShardLoad(task.shard, task.targets, dialects, task.source, startUs, {
  onPublished: (published) => load.learn(published),
  onUnaccounted() {},
  onSnapshot(snapshot) {
    for (const [key, value] of Object.entries(snapshot.counters)) {
      const name = key.slice(key.indexOf('/') + 1);
      counts[name] = (counts[name] ?? 0) + value;
    }
    for (const [key, { encoded }] of Object.entries(snapshot.histograms)) {
      if (!measuring || !key.endsWith('.sendLag')) continue;
      if (sendLag === null) sendLag = decodeHistogram(encoded);
      else sendLag.add(decodeHistogram(encoded));
    }
    onSnapshot();
  },
  onEntered() {},
  onSettled: () => onSettled(),
  onDrained: finish,
});

let opening = { cpu: process.cpuUsage(), open: 0 };
load.enter('ramp', 'ramp', startUs);
const memory = [];
for (let step = 1; step <= steps; step++) {
  const settled = new Promise((resolve) => {
    onSettled = resolve;
  });
  load.arrive((step - 1) / steps, step / steps, step === 1 ? startUs : nowUs());
  await settled;
  if (steps > 1) await new Promise((resolve) => setTimeout(resolve, 1000));
  const open = Math.round((plan.connections * step) / steps);
  memory.push({ open, rssBytes: process.memoryUsage.rss() });
  // The first of several steps warms up: compiling the code is not the cost of a connection.
  if (step === 1 && steps > 1) opening = { cpu: process.cpuUsage(), open };
}
const openingCpu = process.cpuUsage(opening.cpu);

load.enter('hold', 'hold', nowUs());
await snapshots(warmUpSeconds);
const before = { cpu: process.cpuUsage(), counts: { ...counts } };
measuring = true;
await snapshots(seconds);
measuring = false;
const cpu = process.cpuUsage(before.cpu);
const during = Object.fromEntries(
  Object.entries(counts).map(([name, value]) => [name, value - (before.counts[name] ?? 0)]),
);
load.drain(nowUs() + 1_000_000);

/** Waits until so many snapshots have been cut, one a second. */
function snapshots(wanted) {
  return new Promise((resolve) => {
    let left = wanted;
    onSnapshot = () => {
      left--;
      if (left <= 0) resolve();
    };
    if (wanted === 0) resolve();
  });
}

function finish() {
  load.stop();
  process.send({
    openingCpu,
    opened: plan.connections - opening.open,
    memory,
    cpu,
    during,
    sendLagP99Us: sendLag === null ? null : sendLag.getValueAtPercentile(99),
    sendLagP50Us: sendLag === null ? null : sendLag.getValueAtPercentile(50),
  });
  process.disconnect();
}
