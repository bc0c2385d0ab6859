import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AS_A_WORKER, median, ratios, runShard, withServer } from './shard.mjs';

const PAIRS = 5;
const MEMBERS = 1000;
const MANY = 10_000;
/** From when everything is compiled. */
const MEASURED = { warmUpSeconds: 4, seconds: 6 };
const BARE = fileURLToPath(new URL('./bareReceiver.mjs', import.meta.url));

export const title = 'Broadcast: what accounting for each delivery costs the generator';

const dialect = 'echo';
const speaker = (every) => ({ connections: 1, publish: { every, size: '256B' } });

/** One message to 1,000 members every 25 ms. */
const accounted = () =>
  runShard({
    server: 'broadcast',
    scenario: {
      dialect,
      populations: { listeners: { connections: MEMBERS }, speaker: speaker('25ms') },
    },
    ...MEASURED,
  });

/** The same traffic, received by the same client and only counted. */
function bare() {
  return withServer('broadcast', async (url) => {
    const given = { url, members: MEMBERS + 1, everyMs: 25, sizeBytes: 256, ...MEASURED };
    const child = fork(BARE, [JSON.stringify(given)], { execArgv: AS_A_WORKER });
    const [report] = await once(child, 'message');
    return report;
  });
}

/** One message a second to 10,000 members, and the same connections with nothing to receive. */
const toMany = (every) =>
  runShard({
    server: 'broadcast',
    scenario: {
      dialect,
      populations: { listeners: { connections: MANY, arrive: { over: '5s' } }, speaker: speaker(every) },
    },
    warmUpSeconds: 3,
    seconds: 10,
  });

const cpuUs = ({ cpu }) => cpu.user + cpu.system;
const received = ({ during }) => during['messages.received'];
const cpuPerMessage = (report) => cpuUs(report) / received(report);

export async function run() {
  const reports = { a: [], b: [] };
  for (let pair = 0; pair < PAIRS; pair++) {
    const order = pair % 2 === 0 ? [accounted, bare] : [bare, accounted];
    for (const side of order) reports[side === accounted ? 'a' : 'b'].push(await side());
  }
  const many = await toMany('1s');
  const none = await toMany('1h');
  const perBroadcastMs = (cpuUs(many) - cpuUs(none)) / many.during['broadcast.published'] / 1000;
  const row = (name, side) => ({
    receiver: name,
    'messages/s': Math.round(median(reports[side].map((report) => received(report) / MEASURED.seconds))),
    'CPU us per message': median(reports[side].map(cpuPerMessage)).toFixed(2),
  });
  return {
    rows: [
      row('accounts', 'a'),
      row('bare loop', 'b'),
      { receiver: `one broadcast to ${MANY}`, 'CPU ms': perBroadcastMs.toFixed(1) },
    ],
    demands: [
      {
        what: 'messages per CPU second, with accounts / bare loop',
        value: 1 / median(ratios(reports, cpuPerMessage)),
        least: 0.85,
      },
      { what: `CPU of one broadcast to ${MANY} members, ms`, value: perBroadcastMs, most: 150 },
      {
        what: 'deliveries of it that came, as a share',
        value: received(many) / (many.during['broadcast.published'] * (MANY + 1)),
        least: 0.999,
      },
    ],
  };
}
