/** Numbers for people: as many digits as they can use, always with their unit. */

export type Unit = 'us' | 'ms' | 'bytes' | 'count' | 'share' | 'percent' | 'perSecond' | 'cores';

/** A number and its unit, apart, for pages that set them in different sizes. */
export interface Quantity {
  readonly digits: string;
  readonly unit: string;
}

/** 850 µs, 3.1 ms, 412 ms, 41.2 s, 2 min 5 s. */
export function duration(us: number): string {
  if (Math.abs(us) >= 99_950_000) return elapsed(us / 1000);
  return join(durationQuantity(us), ' ');
}

export function durationQuantity(us: number): Quantity {
  if (us < 0) {
    const { digits, unit } = durationQuantity(-us);
    return { digits: `-${digits}`, unit };
  }
  if (us < 999.5) return { digits: group(Math.round(us)), unit: 'µs' };
  if (us < 9_950) return { digits: (us / 1e3).toFixed(1), unit: 'ms' };
  if (us < 999_500) return { digits: group(Math.round(us / 1e3)), unit: 'ms' };
  if (us < 99_950_000) return { digits: (us / 1e6).toFixed(1), unit: 's' };
  return { digits: group(Math.round(us / 1e6)), unit: 's' };
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 0 B, 5.7 KiB, 112 MiB. */
export function bytes(value: number): string {
  return join(bytesQuantity(value), ' ');
}

export function bytesQuantity(value: number): Quantity {
  const sign = value < 0 ? '-' : '';
  const { unit, size } = byteUnit(value);
  const rest = Math.abs(value) / size;
  const digits = size > 1 && rest < 9.95 ? rest.toFixed(1) : group(Math.round(rest));
  return { digits: sign + digits, unit };
}

/** The unit in which so many bytes are told, and how many bytes it has. */
export function byteUnit(value: number): { readonly unit: string; readonly size: number } {
  let size = 1;
  let power = 0;
  while (Math.abs(value) / size >= 1023.5 && power < BYTE_UNITS.length - 1) {
    size *= 1024;
    power++;
  }
  return { unit: BYTE_UNITS[power] ?? 'B', size };
}

/** Digits of a value and of how far it may be off to either side, both to the place that still says something: 3.2 ± 0.4. */
export function plusMinus(value: number, half: number): string {
  const places = half > 0 ? Math.min(2, Math.max(0, Math.ceil(-Math.log10(half) - 1e-9))) : 2;
  const shown = half.toFixed(places);
  const [whole = '', fraction] = value.toFixed(places).split('.');
  const digits = fraction === undefined ? group(Number(whole)) : `${group(Number(whole))}.${fraction}`;
  return `${digits} ± ${Number(shown) === 0 && half > 0 ? '< 0.01' : group(Number(shown))}`;
}

/** 1,000,000; fractions only below ten. */
export function count(value: number): string {
  if (Number.isInteger(value)) return group(value);
  return Math.abs(value) < 9.95 ? value.toFixed(1) : group(Math.round(value));
}

/** 1,200,000, and from ten million on in words: 12.4 million, 3.1 billion. For sentences; a table has every digit. */
export function countInWords(value: number): string {
  if (value < 1e7) return count(value);
  const [unit, words] = value < 999.5e6 ? [1e6, 'million'] : [1e9, 'billion'];
  return `${group(Number((value / unit).toPrecision(3)))} ${words}`;
}

/** How many times something is something else: 0.05, 2.3, 140. */
export function factor(value: number): string {
  return Math.abs(value) < 9.95 ? significant(value, 2) : group(Math.round(value));
}

/** 12,400/s: three digits say all that a rate can. */
export function rate(perSecond: number): string {
  return join(rateQuantity(perSecond), '');
}

export function rateQuantity(perSecond: number): Quantity {
  return { digits: significant(perSecond, 3), unit: '/s' };
}

/** 0.02 %, 4.2 %, 99.9 %, 100 %: never rounded up to all or down to none. */
export function share(value: number): string {
  return percent(value * 100);
}

export function percent(value: number): string {
  if (value === 0 || value === 100) return `${value} %`;
  if (value > 0 && value < 0.01) return '< 0.01 %';
  if (value > 99 && value < 100) return `${Math.floor(value * 100) / 100} %`;
  if (Math.abs(value) < 0.1) return `${value.toFixed(2)} %`;
  return Math.abs(value) < 9.95 ? `${value.toFixed(1)} %` : `${group(Math.round(value))} %`;
}

/** Of a test: 0.34, 0.0022, < 0.0001; never rounded up to sure or down to none. */
export function probability(value: number): string {
  if (value <= 0.0001) return '< 0.0001';
  if (value > 0.99 && value < 1) return '> 0.99';
  return value < 0.1 ? String(Number(value.toPrecision(2))) : trimmed(value.toFixed(2));
}

/** 0.05 cores, 1 core, 9.4 cores. */
function coresWords(value: number): string {
  const digits = factor(value);
  return `${digits} ${digits === '1' ? 'core' : 'cores'}`;
}

/** A time of the run as on a stopwatch: 00:42, 1:02:03. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? tail : `${Math.floor(seconds / 3600)}:${tail}`;
}

/** A time counted from a fault: -1 s, 0 s, 2.3 s, 1 min 30 s. */
export function sinceFault(ms: number): string {
  if (ms < 0) return `-${sinceFault(-ms)}`;
  return ms < 99_950 ? trimmed(`${(ms / 1000).toFixed(1)} s`) : elapsed(ms);
}

/** How long something took: 3.2 s, 48 s, 2 min 5 s, 1 h 2 min. */
export function elapsed(ms: number): string {
  if (ms < 9_950) return ms < 995 ? `${Math.round(ms)} ms` : trimmed(`${(ms / 1000).toFixed(1)} s`);
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return parts(minutes, 'min', seconds % 60, 's');
  return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** `value` in words of its unit. */
export function inUnit(value: number, unit: Unit): string {
  switch (unit) {
    case 'us':
      return duration(value);
    case 'ms':
      return duration(value * 1000);
    case 'bytes':
      return bytes(value);
    case 'share':
      return share(value);
    case 'percent':
      return percent(value);
    case 'perSecond':
      return rate(value);
    case 'cores':
      return coresWords(value);
    case 'count':
      return count(value);
  }
}

/** With a third digit, for numbers that are held against each other: 1.45 ms, 212 µs, 5.70 KiB, 2.31; shares as ever. */
export function closely(value: number, unit: Unit): string {
  if (unit === 'count') return threeDigits(value);
  if (unit === 'us' && Math.abs(value) < 99_950_000) {
    const size = Math.abs(value) < 999.5 ? 1 : Math.abs(value) < 999_500 ? 1e3 : 1e6;
    return `${threeDigits(value / size)} ${durationQuantity(value).unit}`;
  }
  if (unit !== 'bytes') return inUnit(value, unit);
  const { unit: shown, size } = byteUnit(value);
  return `${size === 1 ? group(Math.round(value)) : threeDigits(value / size)} ${shown}`;
}

/** `1 connection`, `2 connections`; `many` where adding an s does not make the plural. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A clause as the beginning of a sentence. */
export function capitalized(clause: string): string {
  return clause.slice(0, 1).toUpperCase() + clause.slice(1);
}

function join({ digits, unit }: Quantity, between: string): string {
  return `${digits}${between}${unit}`;
}

/** The same without a trailing zero, for numbers that are exact: `1 s` where `1.0 s` would claim to be measured. */
export function trimmed(text: string): string {
  return text.replace(/\.0+(?!\d)/, '');
}

function significant(value: number, digits: number): string {
  return value === 0 ? '0' : group(Number(value.toPrecision(digits)));
}

/** A whole number has no more digits than it has. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 99.95) return group(Math.round(value));
  return value.toFixed(size < 9.995 ? 2 : 1);
}

function group(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function parts(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  const head = `${major} ${majorUnit}`;
  return minor === 0 ? head : `${head} ${minor} ${minorUnit}`;
}
