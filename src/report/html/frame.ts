import type { RunEvent, RunResult } from '../../result/types.js';
import { escapeTerminal } from '../visible.js';
import type { Frame, Mark } from './chart.js';

/** The name of the frame that counts from the start of the run. */
export const RUN_FRAME = 'run';

const MOST_MARKS = 8;
const MOST_LETTERS = 40;

/** The time axis of the page: its length, the phases on it, and what happened. */
export function frameOf(result: RunResult): Frame {
  const { intervalMs, open } = result.series;
  const lastMs = result.phases.reduce((most, { endMs }) => Math.max(most, endMs), 0);
  return {
    fromMs: 0,
    // The last interval is drawn whole, though the run ended in it.
    untilMs: Math.max(1, result.run.durationMs, lastMs, open.length * intervalMs),
    clock: 'run',
    phases: phasesOf(result),
    marks: marksOf(result),
  };
}

/** The page's script draws these names, where no template escapes them. */
export function phasesOf({ phases }: Pick<RunResult, 'phases'>): Frame['phases'] {
  return phases.map(({ name, startMs, endMs }) => ({ name: shortened(name), startMs, endMs }));
}

/** What happened, trouble and faults before the rest where there is too much of it, in the order of time. */
export function marksOf(result: Pick<RunResult, 'run' | 'events'>): Mark[] {
  const limited = result.run.validity.fromMs;
  const marks = [
    ...(limited === null ? [] : [mark(limited, 'doubt', 'generator at its limit')]),
    ...result.events
      .filter((event) => event.kind !== 'phase' && !isToldByAnother(event, result.events))
      .map((event) => mark(event.atMs, toneOf(event), eventWords(event))),
  ];
  return [
    ...marks.filter(({ tone }) => tone !== 'context'),
    ...marks.filter(({ tone }) => tone === 'context'),
  ]
    .slice(0, MOST_MARKS)
    .sort((a, b) => a.atMs - b.atMs);
}

function mark(atMs: number, tone: Mark['tone'], name: string): Mark {
  return { atMs, tone, name };
}

/** A fault that ends the target says so itself, a moment later; that it is up again is said in fewer words. */
const MOMENT_MS = { down: 1000, up: 100 } as const;

function isToldByAnother({ kind, atMs }: RunEvent, events: readonly RunEvent[]): boolean {
  const isNear = (other: string, withinMs: number) =>
    events.some((event) => event.kind === other && Math.abs(event.atMs - atMs) < withinMs);
  if (kind === 'target-down') return isNear('fault', MOMENT_MS.down);
  return kind === 'fault' && isNear('target-up', MOMENT_MS.up);
}

const TROUBLE = ['target-exit', 'proxy-exit', 'worker-died', 'fault-failed', 'not-mended', 'not-recovered'];
const QUIET = ['target-down', 'target-up'];

function toneOf({ kind }: RunEvent): Mark['tone'] {
  if (TROUBLE.includes(kind)) return 'bad';
  return QUIET.includes(kind) ? 'context' : 'doubt';
}

const EVENTS: Readonly<Record<string, string>> = {
  'target-exit': 'target went down',
  'target-down': 'target down',
  'target-up': 'target up again',
  'proxy-exit': 'fault proxy ended',
  'worker-died': 'a worker died',
  'fault-failed': 'the fault failed',
  'not-mended': 'the fault was not undone',
  'not-recovered': 'not recovered',
  interrupted: 'interrupted',
  decided: 'left early: decided',
};

function eventWords({ kind, detail }: RunEvent): string {
  return shortened(EVENTS[kind] ?? (kind === 'fault' ? detail : kind.replaceAll('-', ' ')));
}

function shortened(words: string): string {
  return escapeTerminal(words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS)}...` : words);
}
