import { interleave, median, ratios, slope } from './shard.mjs';

/** The first 2,000 warm up. */
const CONNECTIONS = 12_000;
const STEPS = 6;
const PAIRS = 5;

export const title =
  'Opening 10,000 connections, 2,000 at a time: CPU and memory of the generator per connection';

const setting = (engine) => ({
  connect: { engine },
  population: { connections: CONNECTIONS, arrive: { at: 'once' } },
  warmUpSeconds: 0,
  seconds: 0,
  steps: STEPS,
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
