import { interleave, median, ratios } from './shard.mjs';

const CONNECTIONS = 200;
const PAIRS = 5;

export const title = 'Echo of 20 bytes over 200 connections, closed loop: CPU per message of the generator';

const setting = (engine) => ({
  connect: { engine },
  population: { connections: CONNECTIONS, echo: { pace: 'answered', size: '20B' } },
});

const messages = ({ during }) => during['echo.answered'];
const total = (report) => (report.cpu.user + report.cpu.system) / messages(report);
const user = (report) => report.cpu.user / messages(report);

export async function run() {
  const reports = await interleave(PAIRS, setting('fast'), setting('ws'));
  const row = (name, side) => ({
    engine: name,
    'messages/s': Math.round(median(reports[side].map((report) => messages(report) / 3))),
    'CPU us': median(reports[side].map(total)).toFixed(2),
    'user us': median(reports[side].map(user)).toFixed(2),
  });
  return {
    rows: [row('fast', 'a'), row('ws', 'b')],
    demands: [
      { what: 'CPU per message, fast / ws', value: median(ratios(reports, total)), most: 0.75 },
      { what: 'user CPU per message, fast / ws', value: median(ratios(reports, user)), most: 0.6 },
    ],
  };
}
