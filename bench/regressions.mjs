import { alarmRates } from './regressions/alarmRate.mjs';
import { compareIdentical } from './regressions/identical.mjs';
import { comparePlanted } from './regressions/planted.mjs';
import { measureSpeed } from './regressions/speed.mjs';

const IDENTICAL = 40;
const SIMULATED = 4000;
const MOST_ALARMS = 0.01;

export const title = 'Comparisons: a server with itself, and with one that is worse in a known way';

/** It takes more than an hour: not among those that run when none is named. */
export const onlyByName = true;

/**
 * @param options `aa`: how often to compare a server with itself; `only`: one part alone; `fresh`: what was made before counts
 * no more.
 */
export async function run({ aa = String(IDENTICAL), only, fresh = false } = {}) {
  const parts = {
    simulated: async () => simulated(),
    speed: measureSpeed,
    planted: () => comparePlanted({ fresh }),
    identical: () => compareIdentical({ times: Number(aa), fresh }),
  };
  const wanted = only === undefined ? Object.keys(parts) : only.split(',');
  const all = [];
  for (const name of wanted) {
    const part = parts[name];
    if (part === undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not ${name}`);
    console.log(`\n${name}`);
    const done = await part();
    console.table(done.rows);
    all.push(done);
  }
  return {
    rows: all.flatMap(({ demands }) => demands.map(({ what, value }) => ({ what, value }))),
    demands: all.flatMap(({ demands }) => demands),
  };
}

function simulated() {
  const rates = alarmRates(SIMULATED);
  return {
    rows: rates,
    demands: rates.map(({ what, rate }) => ({
      what: `share of simulated comparisons with itself called worse, ${what}`,
      value: rate,
      most: MOST_ALARMS,
    })),
  };
}
