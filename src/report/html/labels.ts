/** Where the words of a chart stand, so that still pictures and live charts say the same in the same places. */
import { position } from './axis.js';
import { type Frame, type Line, type Mark, type TimeChart, timeLabel, timePosition } from './chart.js';

/** Of a label of 12 px, per character: an estimate, to tell whether there is room. */
export const LETTER_PX = 7;

/** Baseline of the label of an event, under the line of a run that went well until then; four share a height in turn. */
export function eventTop(index: number): number {
  return 56 + (index % 4) * 16;
}

/** The fault that a clock counts from needs no time. */
export function markLabel(frame: Frame, { atMs, name }: Mark): string {
  return frame.clock === 'fault' && atMs === 0 ? name : `${timeLabel(frame, atMs)} ${name}`;
}

/** Label positions at least `gap` apart and inside 0 to `height`, in the order given, each near where it belongs. */
export function spread(wanted: readonly number[], gap: number, height: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let least = 0;
  for (const i of order) {
    placed[i] = Math.max(placed[i] ?? 0, least);
    least = (placed[i] ?? 0) + gap;
  }
  let most = height;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i] ?? 0, most);
    most = (placed[i] ?? 0) - gap;
  }
  return placed;
}

/** A line's name stands beside the plot when the line reaches this far, else where the line ends. */
export const REACHES_END = 0.85;

export interface LineEnd {
  readonly line: Line;
  readonly atMs: number;
  readonly value: number;
}

/** Where each line ends, up to `untilMs`; lines without a value are left out. */
export function lineEnds({ lines, atMs }: TimeChart, untilMs: number): LineEnd[] {
  const beyond = atMs.findIndex((ms) => ms > untilMs);
  const before = beyond < 0 ? atMs.length : beyond;
  return lines.flatMap((line) => {
    const index = line.values.slice(0, before).findLastIndex((value) => value !== null);
    const value = line.values[index] ?? null;
    return value === null ? [] : [{ line, atMs: atMs[index] ?? 0, value }];
  });
}

/** A note with its place in the plot: along the time axis 0 to 1, else in pixels from the top. */
interface PlacedNote {
  readonly atMs: number;
  readonly at: number;
  readonly y: number;
  readonly labelY: number;
  readonly text: string;
  /** There is no room to the right of the point. */
  readonly toLeft: boolean;
}

const NOTE_GAP_PX = 16;

/** Labels stand beside their points, to the right and below them, where a rising curve leaves room. */
export function placeNotes({ notes, axis, height }: TimeChart, frame: Frame): PlacedNote[] {
  const wanted = notes.map(({ value }) => height * (1 - position(axis, value)));
  const labels = spread(
    wanted.map((y) => y + NOTE_GAP_PX * 0.75),
    NOTE_GAP_PX,
    height - 4,
  );
  return notes.map((note, i) => {
    const at = timePosition(frame, note.atMs);
    const y = wanted[i] ?? 0;
    return { atMs: note.atMs, at, y, labelY: labels[i] ?? y, text: note.text, toLeft: at > 0.83 };
  });
}
