/** What one setting with two values changes, each time that all others are the same. */
import type { MatrixBroadcast } from '../result/matrixBroadcast.js';
import { listed } from './broadcastWords.js';
import { ALIKE, type Broadcaster, bytesPerDelivery, cpuPerDeliveryUs, lastUs } from './matrixFanOut.js';
import { bytes, duration } from './numbers.js';

interface Pair {
  /** The settings that both have; empty where there are no others. */
  readonly under: string;
  readonly off: MatrixBroadcast;
  readonly on: MatrixBroadcast;
}

interface Aspect {
  readonly what: string;
  readonly measure: (broadcast: MatrixBroadcast) => number | null;
  readonly words: (value: number) => string;
}

/** Of a delivery. */
const ASPECTS: readonly Aspect[] = [
  { what: 'weighed', measure: bytesPerDelivery, words: bytes },
  { what: 'took the server', measure: cpuPerDeliveryUs, words: duration },
  { what: 'reached the last member after', measure: lastUs, words: (us) => `${duration(us)} (p99)` },
];

/** More than this is for the table. */
const MOST_PAIRS = 2;
const MOST_ASPECTS = 2;

/**
 * `compression=on instead of off: under content=text a delivery weighed 910 B instead of 4.0 KiB and took ...`; null where
 * no setting has two values, or they change nothing.
 */
export function switchWords(all: readonly Broadcaster[]): string | null {
  const path = switchIn(all);
  if (path === null) return null;
  const [off = '', on = ''] = valuesOf(all, path);
  const pairs = pairsOf(all, path, off, on);
  const changed = ASPECTS.filter((aspect) => pairs.some((pair) => changes(pair, aspect))).slice(
    0,
    MOST_ASPECTS,
  );
  if (pairs.length === 0 || changed.length === 0) return null;
  const told = pairs.slice(0, MOST_PAIRS).map((pair) => {
    const clauses = changed.flatMap((aspect) => clauseOf(pair, aspect));
    return `${pair.under === '' ? '' : `under ${pair.under} `}a delivery ${listed(clauses)}`;
  });
  return `${lastPart(path)}=${on} instead of ${off}: ${told.join('; ')}`;
}

/** The innermost setting, when it has two values. */
function switchIn(all: readonly Broadcaster[]): string | null {
  const paths = [...new Set(all.flatMap(({ variant }) => Object.keys(variant.settings)))];
  return paths.findLast((path) => valuesOf(all, path).length === 2) ?? null;
}

function valuesOf(all: readonly Broadcaster[], path: string): string[] {
  return [...new Set(all.flatMap(({ variant }) => variant.settings[path] ?? []))];
}

function pairsOf(all: readonly Broadcaster[], path: string, off: string, on: string): Pair[] {
  const others = ({ variant }: Broadcaster) =>
    Object.entries(variant.settings)
      .filter(([other]) => other !== path)
      .map(([other, value]) => `${lastPart(other)}=${value}`)
      .join(', ');
  return [...new Set(all.map(others))].flatMap((under) => {
    const find = (value: string) =>
      all.find((one) => others(one) === under && one.variant.settings[path] === value)?.broadcast;
    const [without, withIt] = [find(off), find(on)];
    return without === undefined || withIt === undefined ? [] : [{ under, off: without, on: withIt }];
  });
}

function lastPart(path: string): string {
  return path.split('.').at(-1) ?? path;
}

function changes({ off, on }: Pair, { measure }: Aspect): boolean {
  const [before, after] = [measure(off), measure(on)];
  if (before === null || after === null) return false;
  return Math.max(before, after) > Math.min(before, after) * ALIKE;
}

function clauseOf(pair: Pair, aspect: Aspect): string[] {
  const { what, measure, words } = aspect;
  const [before, after] = [measure(pair.off), measure(pair.on)];
  if (before === null || after === null) return [];
  return [
    changes(pair, aspect)
      ? `${what} ${words(after)} instead of ${words(before)}`
      : `${what} ${words(after)} as before`,
  ];
}
