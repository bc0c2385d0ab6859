import { interleave, median, ratios } from './shard.mjs';

const RATE = 5000;
const PAIRS = 3;

export const title = `The same ${RATE} messages a second over 100 and over 10,000 connections`;

const setting = (connections) => ({
  population: {
    connections,
    arrive: { rate: '2000/s' },
    echo: { every: `${(connections * 1000) / RATE}ms`, size: '20B' },
  },
  // Collecting the garbage of 10,000 handshakes is not the cost of a message.
  warmUpSeconds: 8,
  seconds: 8,
});

const cpuPerMessage = ({ cpu, during }) => (cpu.user + cpu.system) / during['echo.answered'];

export async function run() {
  const reports = await interleave(PAIRS, setting(10_000), setting(100));
  const row = (connections, side) => ({
    connections,
    'CPU us': median(reports[side].map(cpuPerMessage)).toFixed(2),
  });
  return {
    rows: [row(100, 'b'), row(10_000, 'a')],
    demands: [
      {
        what: 'CPU per message, 10,000 / 100 connections',
        value: median(ratios(reports, cpuPerMessage)),
        most: 1.15,
        least: 0.85,
      },
    ],
  };
}
