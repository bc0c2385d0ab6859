import type { Recovery } from '../../../result/recovery.js';
import type { RunResult } from '../../../result/types.js';
import { count, counted, duration, factor, rate, stopwatch } from '../../numbers.js';
import { faultWords, worstRecovery } from '../../stormWords.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

/** All faults side by side, when there are several, or when one took nothing down. */
export function faultsSection({ recoveries }: RunResult): Section | null {
  const lossy = recoveries.filter(({ dropped }) => dropped > 0);
  if (recoveries.length === 0 || (recoveries.length === 1 && lossy.length === 1)) return null;
  return {
    id: 'faults',
    name: 'Faults',
    title: finding(recoveries, lossy),
    pictures: [],
    reading: lossy.length === 0 ? null : 'All times count from the start of their fault.',
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'fault'),
          ...columns('number', 'at', 'lost', 'open again', '50 % after', '99 % after', '100 % after'),
          ...columns('number', 'attempts each', 'peak', 'gave up'),
        ],
        rows: recoveries.map((recovery) => row(recoveries, recovery)),
      },
    ],
  };
}

function finding(recoveries: readonly Recovery[], lossy: readonly Recovery[]): string {
  const faults = counted(recoveries.length, 'fault');
  const worst = worstRecovery(lossy);
  if (worst === null) {
    const [only] = recoveries;
    return only === undefined || recoveries.length > 1
      ? `${faults} took no connection down`
      : `The ${faultWords(recoveries, only)} took no connection down`;
  }
  const dropping =
    lossy.length === recoveries.length ? faults : `${count(lossy.length)} of ${faults} took connections down`;
  const name = faultWords(recoveries, worst);
  if (lossy.length === 1) return `${dropping}: the ${name}`;
  return worst.t99Ms === null
    ? `${dropping}: after the ${name} not everybody came back`
    : `${dropping}: the slowest to recover from was the ${name}, 99 % after ${duration(worst.t99Ms * 1000)}`;
}

function row(recoveries: readonly Recovery[], recovery: Recovery): string[] {
  const { atMs, dropped, recovered, t50Ms, t99Ms, t100Ms, amplification, gaveUp } = recovery;
  const time = (ms: number | null) => (ms === null ? '–' : duration(ms * 1000));
  return [
    faultWords(recoveries, recovery),
    stopwatch(atMs),
    count(dropped),
    count(recovered),
    time(t50Ms),
    time(t99Ms),
    time(t100Ms),
    amplification === null ? '–' : factor(amplification),
    rate(recovery.peakAttemptsPerSecond),
    count(gaveUp),
  ];
}
