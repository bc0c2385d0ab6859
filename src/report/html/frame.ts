import type { RunEvent, RunResult } from '../../result/types.js';
import { escapeTerminal } from '../visible.js';
import type { Frame, Mark } from './chart.js';

const MOST_MARKS = 8;
const MOST_LETTERS = 40;

/** The time axis of the page: its length, the phases on it, and what happened. */
export function frameOf(result: RunResult): Frame {
  const { intervalMs, open } = result.series;
  const lastMs = result.phases.reduce((most, { endMs }) => Math.max(most, endMs), 0);
  return {
    // The last interval is drawn whole, though the run ended in it.
    spanMs: Math.max(1, result.run.durationMs, lastMs, open.length * intervalMs),
    // The page's script draws these names, where no template escapes them.
    phases: result.phases.map(({ name, startMs, endMs }) => ({
      name: escapeTerminal(name),
      startMs,
      endMs,
    })),
    marks: marksOf(result),
  };
}

function marksOf(result: RunResult): Mark[] {
  const limited = result.run.validity.fromMs;
  const events = result.events.filter(({ kind }) => kind !== 'phase').slice(0, MOST_MARKS);
  return [
    ...(limited === null ? [] : [{ atMs: limited, name: 'generator at its limit' }]),
    ...events.map((event) => ({ atMs: event.atMs, name: eventWords(event) })),
  ];
}

function eventWords({ kind, detail }: RunEvent): string {
  if (kind === 'target-exit') return 'target went down';
  if (kind === 'worker-died') return 'a worker died';
  if (kind === 'interrupted') return 'interrupted';
  const words = kind === 'fault' ? detail : kind.replaceAll('-', ' ');
  return escapeTerminal(words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS)}...` : words);
}
