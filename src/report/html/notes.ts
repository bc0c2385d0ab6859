import { count } from '../numbers.js';
import { html } from './markup.js';
import type { Section } from './section.js';

/** What a reader should know beside the numbers, in sentences of the record; null without any. */
export function notesSection({ notes }: { readonly notes: readonly string[] }): Section | null {
  if (notes.length === 0) return null;
  return {
    id: 'notes',
    name: 'Notes',
    title:
      notes.length === 1 ? 'One thing to know beside it' : `${count(notes.length)} things to know beside it`,
    pictures: [
      { title: null, still: html`<ul class="warnings">${notes.map((note) => html`<li>${note}</li>`)}</ul>` },
    ],
    reading: null,
    numbers: [],
  };
}
