/**
 * HTML that cannot be written unescaped: a `Markup` comes from the template tag below, which escapes whatever
 * is put into it, or from one of the functions here for the three elements that HTML does not escape in.
 */
import { escapeInvisible } from '../visible.js';

/** Not exported, so that nothing outside this file can call a text escaped that is not. */
class Escaped {
  constructor(readonly text: string) {}
}

export type Markup = Escaped;

export type Content = string | number | Markup | null | readonly Content[];

/** Values may stand as text or inside quoted attributes; null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Escaped(strings.reduce((text, part, i) => text + write(values[i - 1] ?? null) + part));
}

function write(value: Content): string {
  if (value === null) return '';
  if (value instanceof Escaped) return value.text;
  if (typeof value === 'object') return value.map(write).join('');
  return escapeText(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Large type breaks its lines often: not between a number and its unit. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (?=(%|µs|ms|s|min|h|B|KiB|MiB|GiB)(?!\w))/g, '$1\u00a0');
}

/** A script or style of our own, written as it is, so that its hash holds; throws if it would end its element. */
export function ownCode(element: 'script' | 'style', code: string): Markup {
  if (code.toLowerCase().includes(`</${element}`))
    throw new Error(`the bundle ends its own ${element} element`);
  return new Escaped(`<${element}>${code}</${element}>`);
}

/** Data for the page's script. `<` is written as an escape of JSON, so that no string can end the element. */
export function jsonElement(id: string, value: unknown): Markup {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return new Escaped(`${html`<script type="application/json" id="${id}">`.text}${json}</script>`);
}
