import { median, runShard } from './shard.mjs';

const TRIES = 3;

export const title = 'Scheduler: 10,000 heartbeats a second from one worker';

export async function run() {
  const reports = [];
  for (let i = 0; i < TRIES; i++) {
    reports.push(
      await runShard({
        population: {
          connections: 5000,
          arrive: { rate: '2000/s' },
          heartbeat: { by: 'ping', every: '500ms', timeout: '5s' },
        },
        warmUpSeconds: 3,
        seconds: 5,
      }),
    );
  }
  const p99Ms = median(reports.map(({ sendLagP99Us }) => sendLagP99Us / 1000));
  return {
    rows: [
      {
        'heartbeats/s': Math.round(median(reports.map(({ during }) => during['heartbeat.sent'] / 5))),
        'send lag p50 ms': median(reports.map(({ sendLagP50Us }) => sendLagP50Us / 1000)).toFixed(2),
        'send lag p99 ms': p99Ms.toFixed(2),
      },
    ],
    demands: [{ what: 'send lag p99, ms', value: p99Ms, most: 3 }],
  };
}
