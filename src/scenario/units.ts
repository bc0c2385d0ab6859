/**
 * Quantities as a scenario writes them: `1m30s`, `64KiB`, `200/s`, `10KB/s`, `0.1%`. A number without a unit is
 * refused everywhere, and so is a blank inside: there is one way to write each quantity.
 */

export type Quantity = 'duration' | 'size' | 'rate' | 'bandwidth' | 'percentage';

/** A quantity in its base unit (us, bytes, per second, bytes per second, share of 1), or what is wrong with the text. */
export type Parsed = { readonly value: number } | { readonly problem: string };

const US = { h: 3_600_000_000, m: 60_000_000, s: 1_000_000, ms: 1_000, us: 1 };
const BYTES = { GiB: 2 ** 30, MiB: 2 ** 20, MB: 1_000_000, KiB: 1024, KB: 1_000, B: 1 };
const PER_SECOND = { '/s': 1, '/m': 1 / 60 };

/** Digits are bounded so that every accepted number is exact. */
const NUMBER = '\\d{1,15}(\\.\\d{1,9})?';

/** What editors check while typing; `parse...` says what is wrong. A duration's parts go from large to small. */
export const patterns = {
  duration: new RegExp(
    `^(?=\\d)${['h', 'm', 's', 'ms', 'us'].map((unit) => `(${NUMBER}${unit})?`).join('')}$`,
  ),
  size: new RegExp(`^${NUMBER}(${Object.keys(BYTES).join('|')})$`),
  rate: new RegExp(`^${NUMBER}/[sm]$`),
  bandwidth: new RegExp(`^${NUMBER}(${Object.keys(BYTES).join('|')})/s$`),
  percentage: new RegExp(`^${NUMBER}%$`),
} as const satisfies Record<Quantity, RegExp>;

const notations = {
  duration: { units: 'us, ms, s, m, h', example: '30s' },
  size: { units: 'B, KB, KiB, MB, MiB, GiB', example: '64KiB' },
  rate: { units: '/s, /m', example: '200/s' },
  bandwidth: { units: 'B/s, KB/s, KiB/s, MB/s, MiB/s, GiB/s', example: '10KB/s' },
  percentage: { units: '%', example: '50%' },
} as const satisfies Record<Quantity, { units: string; example: string }>;

/** `1m30s` in whole microseconds. */
export function parseDuration(text: string): Parsed {
  if (!patterns.duration.test(text)) return { problem: explain('duration', text) };
  const parts = text.matchAll(new RegExp(`(${NUMBER})(us|ms|s|m|h)`, 'g'));
  let sumUs = 0;
  for (const [, number, , unit] of parts) {
    const us = multiply(number!, US[unit as keyof typeof US]);
    if (us === null) return { problem: `${text} is not a whole number of microseconds` };
    sumUs += us;
  }
  return Number.isSafeInteger(sumUs) ? { value: sumUs } : { problem: `${text} is too long` };
}

/** `64KiB` in whole bytes. */
export function parseSize(text: string): Parsed {
  const match = patterns.size.exec(text);
  if (match === null) return { problem: explain('size', text) };
  const unit = match[2] as keyof typeof BYTES;
  const bytes = multiply(text.slice(0, -unit.length), BYTES[unit]);
  if (bytes === null) return { problem: `${text} is not a whole number of bytes` };
  return Number.isSafeInteger(bytes) ? { value: bytes } : { problem: `${text} is too large` };
}

/** `200/s` or `30/m`, per second. */
export function parseRate(text: string): Parsed {
  if (!patterns.rate.test(text)) return { problem: explain('rate', text) };
  const unit = text.slice(-2) as keyof typeof PER_SECOND;
  return { value: Number(text.slice(0, -2)) * PER_SECOND[unit] };
}

/** `10KB/s` in whole bytes per second. */
export function parseBandwidth(text: string): Parsed {
  if (!patterns.bandwidth.test(text)) return { problem: explain('bandwidth', text) };
  return parseSize(text.slice(0, -'/s'.length));
}

/** `50%` as a share of 1. */
export function parsePercentage(text: string): Parsed {
  if (!patterns.percentage.test(text)) return { problem: explain('percentage', text) };
  return { value: Number(text.slice(0, -1)) / 100 };
}

export const parsers = {
  duration: parseDuration,
  size: parseSize,
  rate: parseRate,
  bandwidth: parseBandwidth,
  percentage: parsePercentage,
} as const satisfies Record<Quantity, (text: string) => Parsed>;

/** The value of text that has been checked before; throws a RangeError for any other. */
export function baseValue(quantity: Quantity, text: string): number {
  const parsed = parsers[quantity](text);
  if ('problem' in parsed) throw new RangeError(parsed.problem);
  return parsed.value;
}

/** Whole microseconds as the shortest text that `parseDuration` reads back: 90_000_000 is `1m30s`. */
export function formatDuration(us: number): string {
  if (!Number.isSafeInteger(us) || us < 0) throw new RangeError(`not a whole number of microseconds: ${us}`);
  let rest = us;
  let text = '';
  for (const [unit, unitUs] of Object.entries(US)) {
    const count = Math.floor(rest / unitUs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitUs;
  }
  return text === '' ? '0s' : text;
}

/** What is wrong with something that should be a quantity, and how to write it. */
export function explain(quantity: Quantity, value: unknown): string {
  const { units, example } = notations[quantity];
  if (typeof value === 'number')
    return `${value} has no unit: write ${withUnit(quantity, value)} (units: ${units})`;
  if (typeof value !== 'string') return `must be a ${quantity}, such as ${example} (units: ${units})`;
  if (/^[\d.]+$/.test(value))
    return `${value} has no unit: write ${withUnit(quantity, value)} (units: ${units})`;
  if (/\s/.test(value) && patterns[quantity].test(value.replaceAll(/\s/g, ''))) {
    return `${JSON.stringify(value)} has a blank in it: write ${value.replaceAll(/\s/g, '')}`;
  }
  return `${JSON.stringify(value)} is not a ${quantity}: write one such as ${example} (units: ${units})`;
}

function withUnit(quantity: Quantity, number: number | string): string {
  return `${number}${notations[quantity].example.replace(/^\d+/, '')}`;
}

/** An exact product with a decimal number, or null when it is not whole. */
function multiply(number: string, factor: number): number | null {
  const [whole = '', fraction = ''] = number.split('.');
  const scaled = BigInt(whole + fraction) * BigInt(factor);
  const scale = 10n ** BigInt(fraction.length);
  return scaled % scale === 0n ? Number(scaled / scale) : null;
}
