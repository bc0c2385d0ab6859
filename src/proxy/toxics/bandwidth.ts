import { openValve, type Valve } from '../valve.js';
import type { ConnectionToxic } from './toxic.js';

/** A line of that rate for each way of each connection. Its sender is held up when the line is full. */
export function bandwidth(share: number, bytesPerSecond: number): ConnectionToxic {
  return {
    on: 'connections',
    share,
    take: (pair) => pair.setValves(line(bytesPerSecond), line(bytesPerSecond)),
    release: (pair) => pair.removeValves('bandwidth'),
  };
}

/** What comes out in one go: smaller pieces cost more wakings than a timer of 1 ms has. */
const PIECE_US = 10_000;

/** Bytes come out when the last of them has been sent: after n / rate, or later when the line was taken. */
function line(bytesPerSecond: number): Valve {
  const usPerByte = 1e6 / bytesPerSecond;
  let freeUs = 0;
  const readyUs = (bytes: number, sinceUs: number) => Math.max(freeUs, sinceUs) + bytes * usPerByte;
  return {
    ...openValve,
    kind: 'bandwidth',
    mostBytes: Math.max(1, Math.floor(PIECE_US / usPerByte)),
    readyUs,
    passed: (bytes, sinceUs) => {
      freeUs = readyUs(bytes, sinceUs);
    },
  };
}
