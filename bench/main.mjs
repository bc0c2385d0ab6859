/**
 * `npm run bench` runs every benchmark but those that take hours, `npm run bench -- echo open` some. Prints tables and, last,
 * everything as one line of JSON. Exits with 1 when a demand is not met: it measures this machine, so it is no part of the tests.
 * Options are those of `regressions`: `npm run bench -- regressions --aa 10 --only planted,identical --fresh`.
 */
import { cpus, release, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import * as broadcast from './broadcast.mjs';
import * as echo from './echo.mjs';
import * as flat from './flat.mjs';
import * as histogram from './histogram.mjs';
import * as open from './open.mjs';
import * as regressions from './regressions.mjs';
import * as scheduler from './scheduler.mjs';
import * as storm from './storm.mjs';

const benches = { echo, open, flat, scheduler, histogram, storm, broadcast, regressions };

const { positionals: wanted, values: options } = parseArgs({
  allowPositionals: true,
  options: { aa: { type: 'string' }, only: { type: 'string' }, fresh: { type: 'boolean' } },
});
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

const machine = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  os: `${type()} ${release()}`,
  cpus: `${cpus().length} x ${cpus()[0].model.trim()}`,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
console.log(
  Object.entries(machine)
    .map(([key, value]) => `${key}: ${value}`)
    .join('   '),
);

const results = {};
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 ? bench.onlyByName : !wanted.includes(name)) continue;
  console.log(`\n${bench.title}`);
  const { rows, demands } = await bench.run(options);
  console.table(rows);
  for (const demand of demands) {
    const { what, value, least, most } = demand;
    demand.met = !(value > most) && !(value < least);
    const limits = [
      ...(least === undefined ? [] : [`at least ${least}`]),
      ...(most === undefined ? [] : [`at most ${most}`]),
    ];
    console.log(`${demand.met ? 'met ' : 'MISSED'}  ${what}: ${value.toFixed(3)} (${limits.join(', ')})`);
  }
  results[name] = { rows, demands };
}
console.log(`\n${JSON.stringify({ machine, results })}`);
const missed = Object.values(results).some(({ demands }) => demands.some(({ met }) => !met));
process.exitCode = missed ? 1 : 0;
