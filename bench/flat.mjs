import { median, runShard } from './shard.mjs';

const RATE = 5000;
const TRIES = 3;

export const title = `The same ${RATE} messages a second over 100 and over 10,000 connections`;

const setting = (connections) => ({
  population: {
    connections,
    arrive: { rate: '2000/s' },
    echo: { every: `${(connections * 1000) / RATE}ms`, size: '20B' },
  },
  warmUpSeconds: 3,
  seconds: 5,
});

const cpuPerMessage = ({ cpu, during }) => (cpu.user + cpu.system) / during['echo.answered'];

export async function run() {
  const few = [];
  const many = [];
  for (let i = 0; i < TRIES; i++) {
    few.push(cpuPerMessage(await runShard(setting(100))));
    many.push(cpuPerMessage(await runShard(setting(10_000))));
  }
  const ratio = median(many.map((value, i) => value / few[i]));
  return {
    rows: [
      { connections: 100, 'CPU us': median(few).toFixed(2) },
      { connections: 10_000, 'CPU us': median(many).toFixed(2) },
    ],
    demands: [{ what: 'CPU per message, 10,000 / 100 connections', value: ratio, most: 1.15, least: 0.85 }],
  };
}
