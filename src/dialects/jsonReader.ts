import { EventKind, UNKNOWN_SEQUENCE } from './dialect.js';
import type { JsonMatcher, JsonMatchers } from './jsonTemplates.js';

/** What a message turned out to be. One object is reused. */
interface Reading {
  kind: EventKind;
  sequence: number;
}

type Scalar = string | number | boolean | null;

interface Field {
  readonly path: readonly string[];
  /** What has to stand there; for a placeholder its name. */
  readonly expected: { readonly value: Scalar } | { readonly placeholder: string };
}

interface Rule {
  readonly kind: EventKind;
  readonly fields: readonly Field[];
}

/** Tells by matchers what the server's messages are. The matcher that asks for the most is tried first. */
export class JsonReader {
  private readonly rules: readonly Rule[];
  private readonly received: readonly Field[] | null;
  private readonly reading: Reading = { kind: EventKind.message, sequence: UNKNOWN_SEQUENCE };

  constructor({ acknowledged, pong, joined, ready, error, other, message }: JsonMatchers) {
    this.rules = [
      ...rulesOf(EventKind.acknowledged, acknowledged),
      ...rulesOf(EventKind.pong, pong),
      ...rulesOf(EventKind.joined, joined),
      ...rulesOf(EventKind.ready, ready),
      ...rulesOf(EventKind.error, error),
      ...rulesOf(EventKind.other, ...other),
    ].sort((a, b) => b.fields.length - a.fields.length);
    this.received = message && fieldsOf(message);
  }

  /** What the text is; null when it is not JSON or nothing that was expected. Valid until the next call. */
  read(text: string): Reading | null {
    const document = parse(text);
    const { reading } = this;
    for (const { kind, fields } of this.rules) {
      reading.sequence = UNKNOWN_SEQUENCE;
      if (fields.every((field) => this.matches(field, document))) {
        reading.kind = kind;
        return reading;
      }
    }
    return null;
  }

  /** The id of a received message that has to be acknowledged; null for another. */
  idOf(text: string): string | number | null {
    const document = parse(text);
    let id: string | number | null = null;
    for (const { path, expected } of this.received ?? []) {
      const value = valueAt(document, path);
      if ('value' in expected) {
        if (value !== expected.value) return null;
      } else if (typeof value === 'string' || typeof value === 'number') id = value;
      else return null;
    }
    return id;
  }

  /** Keeps the sequence number that a placeholder stands for. */
  private matches({ path, expected }: Field, document: unknown): boolean {
    const value = valueAt(document, path);
    if ('value' in expected) return value === expected.value;
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    if (expected.placeholder === 'room') return true;
    const digits = expected.placeholder === 'id' ? OWN_ID.exec(String(value))?.[1] : String(value);
    if (digits === undefined || !SEQUENCE.test(digits)) return false;
    this.reading.sequence = Number(digits);
    return true;
  }
}

/** `<publisher>-<sequence>`, the id under which a message is published. */
const OWN_ID = /^\d+-(\d+)$/;
const SEQUENCE = /^\d{1,10}$/;
const PLACEHOLDER = /^\$\{(.*)\}$/;

function rulesOf(kind: EventKind, ...matchers: ReadonlyArray<JsonMatcher | null>): readonly Rule[] {
  return matchers
    .filter((matcher) => matcher !== null)
    .map((matcher) => ({ kind, fields: fieldsOf(matcher) }));
}

function fieldsOf(matcher: JsonMatcher): readonly Field[] {
  return Object.entries(matcher).map(([path, value]) => {
    const placeholder = typeof value === 'string' ? PLACEHOLDER.exec(value)?.[1] : undefined;
    return { path: path.split('.'), expected: placeholder === undefined ? { value } : { placeholder } };
  });
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
