/** A latency as a bar in a table, from its median to its p99, on a scale that all rows share. */
import { type Axis, logAxis, position } from './axis.js';
import { html, type Markup } from './markup.js';
import { percentOf } from './svg.js';

/** Log scale that holds all the values, in us. */
export function rangeBarAxis(values: ReadonlyArray<number | null>): Axis {
  const known = values.flatMap((us) => (us !== null && us > 0 ? [us] : []));
  const least = known.reduce((a, b) => Math.min(a, b), 1e9);
  return logAxis(Math.max(1, least), Math.max(2, least * 2, ...known), 'us');
}

/** Null where either end is not known. */
export function rangeBar(fromUs: number | null, toUs: number | null, axis: Axis): Markup | null {
  if (fromUs === null || toUs === null) return null;
  const left = percentOf(position(axis, Math.max(1, fromUs)));
  const right = percentOf(position(axis, Math.max(1, toUs)));
  return html`<svg class="bar" height="16" aria-hidden="true"><line class="grid" x1="0" x2="100%" y1="8" y2="8"/><line class="range t-server" x1="${left}" x2="${right}" y1="8" y2="8"/><circle class="f-server" cx="${left}" cy="8" r="4"/></svg>`;
}
