import type { CloseAction, CloseRule, DelayRule } from '../policies/policy.js';
import { presetGroups } from '../policies/presets.js';
import type { Preset } from '../policies/row.js';
import { count, duration, trimmed } from '../report/numbers.js';
import type { RetryDelays } from './presetDelays.js';

const BAR_COLUMNS = 40;

/** All policies, one line each. */
export function describePresets(): string {
  const rows = Object.values(presetGroups).flatMap((presets) => presets.map(rowOf));
  const line = padded([HEAD, ...rows]);
  return [
    line(HEAD),
    ...Object.entries(presetGroups).flatMap(([title, presets]) => [
      '',
      title,
      ...presets.map((preset) => line(rowOf(preset))),
    ]),
    '',
    'wsherd presets <name> draws the delays of one.',
  ].join('\n');
}

const HEAD = ['name', 'attempts', 'cap', 'waits'] as const;

function rowOf({ policy, says }: Preset): readonly string[] {
  const { attempts } = policy;
  return [policy.name, attempts === null ? 'unlimited' : count(attempts), capOf(policy.delay), says];
}

/** A line of columns, each as wide as its widest of all rows. */
function padded(rows: ReadonlyArray<readonly string[]>): (row: readonly string[]) => string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return (row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd();
}

/** The longest delay, but for jitter after it. */
function capOf({ growth, capUs, capAfterJitterUs }: DelayRule): string {
  const mostUs = capAfterJitterUs ?? capUs;
  if (mostUs !== null) return exactly(mostUs);
  if (growth.kind === 'list') return exactly(Math.max(...growth.delaysUs));
  if (growth.kind === 'exponential' && growth.mostSteps !== null) {
    return duration(growth.baseUs * growth.factor ** growth.mostSteps);
  }
  return growth.kind === 'linear' && growth.stepUs === 0 ? exactly(growth.baseUs) : 'none';
}

/** One policy: its delays as a picture on one time scale, and whatever else there is to it. */
export function describePreset(
  { policy, says, source, notes }: Preset,
  delays: readonly RetryDelays[],
): string {
  return [
    `${policy.name}: ${says}`,
    '',
    ...drawPicture(delays),
    '',
    `Attempts         ${policy.attempts === null ? 'unlimited' : `${count(policy.attempts)}, then it gives up`}`,
    `Counted anew     ${policy.resetAfterUs === 0 ? 'as soon as a connection opens' : `once open for ${exactly(policy.resetAfterUs)}`}`,
    `Connect timeout  ${policy.connectTimeoutUs === null ? 'connect.handshakeTimeout' : exactly(policy.connectTimeoutUs)}`,
    `After a close    ${describeCloses(policy.closes)}`,
    `Retry-After      ${policy.waitsRetryAfter ? 'waits at least as long' : 'ignored'}`,
    ...notes.map((note, i) => `${i === 0 ? 'Notes' : ''}`.padEnd(17) + note),
    `Source           ${source}`,
  ].join('\n');
}

function drawPicture(delays: readonly RetryDelays[]): string[] {
  const mostUs = Math.max(...delays.map((delay) => delay.mostUs));
  const head = ['retry', 'least', 'median', 'most', 'after the loss'];
  const rows = delays.map(({ n, leastUs, medianUs, mostUs, sinceLossUs }) => [
    count(n + 1),
    ...[leastUs, medianUs, mostUs, sinceLossUs].map(duration),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const cell = (text: string, column: number): string => text.padStart(widths[column]!);
  const scale = `0${duration(mostUs).padStart(BAR_COLUMNS - 1)}`;
  return [
    `  ${head.map(cell).join('  ')}  │${scale}`,
    ...rows.map((row, i) => `  ${row.map(cell).join('  ')}  │${drawBar(delays[i]!, mostUs)}`.trimEnd()),
    '',
    '  1,000 connections that never succeed; █ median, ░ from least to most. Attempts themselves take no time here.',
  ];
}

function drawBar({ leastUs, medianUs, mostUs }: RetryDelays, scaleUs: number): string {
  const columnOf = (us: number): number =>
    scaleUs === 0 ? 0 : Math.min(BAR_COLUMNS - 1, Math.floor((us / scaleUs) * BAR_COLUMNS));
  const [from, middle, to] = [columnOf(leastUs), columnOf(medianUs), columnOf(mostUs)];
  return `${' '.repeat(from)}${'░'.repeat(middle - from)}█${'░'.repeat(to - middle)}`;
}

const ACTIONS = {
  retry: 'retries after',
  'retry-at-once': 'retries at once after',
  'give-up': 'gives up after',
} as const satisfies Record<CloseAction, string>;

/** `gives up after 4004, 4010-4014; else retries`. */
function describeCloses(closes: readonly CloseRule[]): string {
  const byAction = new Map<CloseAction, string[]>();
  for (const { codes, action } of closes) {
    byAction.set(action, [...(byAction.get(action) ?? []), describeCodes(codes)]);
  }
  const parts = [...byAction].map(([action, codes]) => `${ACTIONS[action]} ${codes.join(', ')}`);
  return parts.length === 0 ? 'retries' : `${parts.join('; ')}; else retries`;
}

function describeCodes(codes: CloseRule['codes']): string {
  if (codes === 'any-frame') return 'any close frame';
  const [from, to] = codes;
  return from === to ? String(from) : `${from}-${to}`;
}

/** A number that was set, not measured. */
function exactly(us: number): string {
  return trimmed(duration(us));
}
