import { interleave, median, ratios, slope } from './shard.mjs';

const CONNECTIONS = 10_000;
const PAIRS = 3;

export const title = 'Opening 10,000 connections: CPU and memory of the generator per connection';

const setting = (engine) => ({
  connect: { engine },
  population: { connections: CONNECTIONS, arrive: { rate: '2000/s' } },
  warmUpSeconds: 0,
  seconds: 0,
  steps: 5,
});

const cpu = ({ openingCpu, opened }) => (openingCpu.user + openingCpu.system) / opened;
const bytes = ({ memory }) => slope(memory);

export async function run() {
  const reports = await interleave(PAIRS, setting('fast'), setting('ws'));
  const row = (name, side) => ({
    engine: name,
    'CPU us': median(reports[side].map(cpu)).toFixed(0),
    'RSS KiB': (median(reports[side].map(bytes)) / 1024).toFixed(2),
  });
  return {
    rows: [row('fast', 'a'), row('ws', 'b')],
    demands: [
      { what: 'CPU per connection, fast / ws', value: median(ratios(reports, cpu)), most: 0.5 },
      { what: 'RSS per connection of fast, KiB', value: median(reports.a.map(bytes)) / 1024, most: 5 },
    ],
  };
}
