/** XML 1.0 as a tree: a text in it can never become markup, since only elements are written as such. */
import { escapeInvisible, escapeTerminal } from '../visible.js';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Text stands alone in its element. */
  readonly content: readonly XmlElement[] | string;
}

export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}`;
}

function write({ name, attributes, content }: XmlElement, indent: string): string {
  const tag = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${attribute(value)}"`)];
  const start = `${indent}<${tag.join(' ')}`;
  if (content.length === 0) return `${start}/>\n`;
  if (typeof content === 'string') return `${start}>${text(content)}</${name}>\n`;
  return `${start}>\n${content.map((child) => write(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}

/** A parser would make blanks of line breaks and tabs: they are shown instead. */
function attribute(value: string | number): string {
  return entities(escapeTerminal(String(value)));
}

function text(value: string): string {
  return entities(escapeInvisible(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What is left of characters that XML does not allow (XML 1.0, 2.2) has been made visible before. */
function entities(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
