import type { EntranceToxic } from './toxic.js';

/** Connections are accepted at a bounded rate; the others wait in the kernel's queue, or before it. */
export function slowAccept(perSecond: number): EntranceToxic {
  return {
    on: 'entrance',
    begin: (entrance) => entrance.setPace(perSecond),
    end: (entrance) => entrance.setPace(null),
  };
}
