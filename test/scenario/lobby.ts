import type { PatternSpec } from '../../src/patterns/list.js';
import { type Given, parse, problemsOf } from './texts.js';

/** A scenario of these populations, a line each, in a dialect with rooms unless `more` says otherwise. */
export function lobby(populations: Readonly<Record<string, string>>, ...more: readonly string[]): string {
  const lines = Object.entries(populations).map(
    ([name, settings]) => `  ${name}: { connections: 10, ${settings} }`,
  );
  const dialect = more.some((line) => line.startsWith('dialect:')) ? [] : ['dialect: json'];
  return [
    'version: 1',
    'target: { url: ws://127.0.0.1:8080/ }',
    ...dialect,
    ...more,
    'populations:',
    ...lines,
  ].join('\n');
}

/** What each population of the scenario does, by name. */
export function patternsOf(text: string, given: Given = {}): Record<string, readonly PatternSpec[]> {
  return Object.fromEntries(parse(text, given).populations.map(({ name, patterns }) => [name, patterns]));
}

/** What is wrong, without its place in the file. */
export function mistakes(text: string, given: Given = {}): readonly string[] {
  return problemsOf(text, given).map((problem) => problem.replace(/^\S+ (populations\.)?/, ''));
}
