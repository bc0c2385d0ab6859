/** Runs that publish as much to as many, side by side: who did better, and at what price. */
import type { MatrixBroadcast } from '../result/matrixBroadcast.js';
import { ALIKE, type Broadcaster, bytesPerDelivery, cpuPerDeliveryUs, lastUs } from './matrixFanOut.js';
import { switchWords } from './matrixSwitch.js';
import { bytes, duration, share } from './numbers.js';

interface Extremes {
  readonly least: { readonly label: string; readonly value: number };
  readonly most: { readonly label: string; readonly value: number };
}

/** Who has least and most of something; null where it is not known of two or about the same in all. */
function extremes(
  all: readonly Broadcaster[],
  measure: (broadcast: MatrixBroadcast) => number | null,
): Extremes | null {
  const known = all.flatMap(({ variant, broadcast }) => {
    const value = measure(broadcast);
    return value === null ? [] : [{ label: variant.label, value }];
  });
  if (known.length < 2) return null;
  const least = known.reduce((a, b) => (b.value < a.value ? b : a));
  const most = known.reduce((a, b) => (b.value > a.value ? b : a));
  return most.value <= least.value * ALIKE ? null : { least, most };
}

/** More than this is for the table. */
const MOST_CLAUSES = 3;

/** Under the same load: who served the last member first, and at what price. */
export function sideWords(all: readonly Broadcaster[]): string {
  const toggled = switchWords(all);
  const compared = toggled === null ? [lastSide(all), ...pricesSide(all)] : [toggled];
  return [neverCameWords(all), ...compared]
    .filter((clause) => clause !== null)
    .slice(0, MOST_CLAUSES)
    .join('; ');
}

/** Where most and fewest deliveries never came, lost or missed; null where it is about the same in all. */
export function neverCameWords(all: readonly Broadcaster[]): string | null {
  const never = extremes(all, ({ lost, missedWhileDisconnected, expected }) => {
    return (lost + missedWhileDisconnected) / Math.max(1, expected);
  });
  if (never === null) return null;
  const { least, most } = never;
  return `${share(most.value)} of the deliveries never came under ${most.label}, ${share(least.value)} under ${least.label}`;
}

function lastSide(all: readonly Broadcaster[]): string | null {
  const last = extremes(all, lastUs);
  if (last !== null) {
    const { least, most } = last;
    return `the last member had a message after ${duration(least.value)} (p99) under ${least.label}, after ${duration(most.value)} under ${most.label}`;
  }
  const slowest = all.reduce((us, { broadcast }) => Math.max(us, lastUs(broadcast) ?? 0), 0);
  return slowest === 0
    ? null
    : `the last member had a message about as fast in all, after ${duration(slowest)} (p99) at most`;
}

function pricesSide(all: readonly Broadcaster[]): Array<string | null> {
  const isHeld = all.some(({ broadcast }) => broadcast.slowMembers > 0);
  const price = (
    measure: (broadcast: MatrixBroadcast) => number | null,
    words: (value: number) => string,
    what: string,
  ) => {
    const found = extremes(all, measure);
    if (found === null) return null;
    const { least, most } = found;
    return `${what} ${words(least.value)} under ${least.label}, ${words(most.value)} under ${most.label}`;
  };
  return [
    isHeld ? price(({ targetRssBytes }) => targetRssBytes, bytes, 'the server held') : null,
    price(bytesPerDelivery, bytes, 'a delivery weighed'),
    price(cpuPerDeliveryUs, duration, 'it took the server'),
  ];
}
