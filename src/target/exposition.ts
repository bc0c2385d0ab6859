/**
 * The text format in which Prometheus scrapes metrics, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/): `name{label="value",...} value [timestamp]`. What
 * OpenMetrics adds, `# EOF` and exemplars behind a `#`, is read over. No library of the registry reads it and is kept.
 */

const SERIES_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
/** A label's value may hold anything, with `\\`, `\"` and `\n` escaped: only where it ends matters here. */
const LABELS = /[ \t]*\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}/y;
/** Then the value, and a timestamp in ms or an exemplar, which nobody needs. */
const SAMPLE_VALUE = /[ \t]+([^ \t#]+)(?:[ \t]+-?\d+(?:\.\d+)?)?[ \t]*(?:#.*)?$/y;

const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};
const FLOAT = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The value of each name, summed over its series; lines that are no samples are read over. */
export function parseExposition(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const sample = parseSample(line.trim());
    if (sample !== null) sums.set(sample.name, (sums.get(sample.name) ?? 0) + sample.value);
  }
  return sums;
}

/** Null for a comment, an empty line, and what is not of the format. */
function parseSample(line: string): { readonly name: string; readonly value: number } | null {
  const name = matchAt(SERIES_NAME, line, 0)?.[0];
  if (name === undefined) return null;
  const labels = matchAt(LABELS, line, name.length)?.[0] ?? '';
  const written = matchAt(SAMPLE_VALUE, line, name.length + labels.length)?.[1];
  const value = written === undefined ? null : parseValue(written);
  return value === null ? null : { name, value };
}

function parseValue(written: string): number | null {
  if (FLOAT.test(written)) return Number(written);
  return WORDS[written.toLowerCase()] ?? null;
}

function matchAt(pattern: RegExp, line: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(line);
}
