import { catalogue, derived } from '../metrics/catalogue.js';
import { type Scope, whyNotByPhase, whyNotMeasured } from './measured.js';
import type { Statistic, Threshold, ThresholdOperator } from './scenario.js';
import { suggest } from './suggest.js';
import { parseDuration, parsePercentage, parseSize } from './units.js';

export type ParsedThreshold = { readonly threshold: Threshold } | { readonly problem: string };

type Entry = { readonly kind: 'histogram' | 'counter' | 'value'; readonly unit: string };

const metrics: ReadonlyMap<string, Entry> = new Map<string, Entry>(
  Object.entries({ ...catalogue, ...derived }),
);

const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const satisfies readonly ThresholdOperator[];

const FORM =
  'write [population/]name [statistic] op value [during phase], such as handshake.total p99 < 500ms';

/** Reads one line of `thresholds`, and checks every name in it. */
export function parseThreshold(expression: string, scope: Scope): ParsedThreshold {
  try {
    return { threshold: readThreshold(expression.trim(), scope) };
  } catch (error) {
    if (error instanceof ThresholdMistake) return { problem: error.message };
    throw error;
  }
}

/** Ends the reading of one threshold. */
class ThresholdMistake extends Error {}

function readThreshold(expression: string, scope: Scope): Threshold {
  const match = /^([^<>=!]+)([<>=!]+)([^<>=!]+)$/.exec(expression);
  if (match === null) throw new ThresholdMistake(`${JSON.stringify(expression)} is not a threshold: ${FORM}`);
  const [, left = '', operatorText = '', right = ''] = match;
  const operator = OPERATORS.find((known) => known === operatorText);
  if (operator === undefined) {
    throw new ThresholdMistake(`${operatorText} is not an operator: there are ${OPERATORS.join(' ')}`);
  }
  const { value, phase } = readRight(right.trim(), scope);
  const words = left.trim().split(/\s+/);
  const subject = words.includes('/') ? readRatio(words, scope) : readMetric(words, scope);
  if (phase !== null) {
    for (const name of [subject.name, subject.denominator]) if (name !== null) checkPhase(name, phase);
  }
  return { expression, ...subject, operator, ...readValue(value, subject), phase };
}

type Subject = Pick<Threshold, 'population' | 'name' | 'statistic' | 'denominator'>;

function readRight(right: string, scope: Scope): { value: string; phase: string | null } {
  const match = /^(\S+)(?:\s+during\s+(\S+))?$/.exec(right);
  if (match === null) throw new ThresholdMistake(`${JSON.stringify(right)} is not a value: ${FORM}`);
  const [, value = '', phase] = match;
  if (phase !== undefined && !scope.phases.includes(phase)) {
    throw new ThresholdMistake(`no phase is called ${phase}${suggest(phase, scope.phases)}`);
  }
  return { value, phase: phase ?? null };
}

function readMetric(words: readonly string[], scope: Scope): Subject {
  const [qualified = '', statisticText, ...more] = words;
  const { population, name, entry } = readName(qualified, scope);
  if (more.length > 0) throw new ThresholdMistake(`${JSON.stringify(words.join(' '))} is too much: ${FORM}`);
  if (entry.kind !== 'histogram') {
    if (statisticText === undefined) return { population, name, statistic: null, denominator: null };
    throw new ThresholdMistake(`${name} is one number: leave ${statisticText} out`);
  }
  if (statisticText === undefined) {
    throw new ThresholdMistake(`${name} is a histogram: say which statistic, such as ${qualified} p99`);
  }
  return { population, name, statistic: readStatistic(statisticText), denominator: null };
}

function readRatio(words: readonly string[], scope: Scope): Subject {
  const [above = '', , below = ''] = words;
  if (words.length !== 3 || words[1] !== '/') {
    throw new ThresholdMistake('a ratio is two counters: write a / b < 0.1%, with blanks around the slash');
  }
  const numerator = readName(above, scope);
  const denominator = readName(below, scope);
  for (const { name, entry } of [numerator, denominator]) {
    if (entry.kind === 'histogram' || entry.unit !== 'count')
      throw new ThresholdMistake(`${name} is not a counter: a ratio is of two counters`);
  }
  if (denominator.population !== null && denominator.population !== numerator.population) {
    throw new ThresholdMistake(
      'a ratio is about one population: name the same one on both sides of the slash',
    );
  }
  checkMeasured(numerator.population, denominator.name, scope);
  return {
    population: numerator.population,
    name: numerator.name,
    statistic: null,
    denominator: denominator.name,
  };
}

function readName(
  qualified: string,
  scope: Scope,
): { population: string | null; name: string; entry: Entry } {
  const slash = qualified.indexOf('/');
  const population = slash === -1 ? null : qualified.slice(0, slash);
  const name = qualified.slice(slash + 1);
  const names = [...scope.populations.keys()];
  if (population !== null && !scope.populations.has(population)) {
    throw new ThresholdMistake(`no population is called ${population}${suggest(population, names)}`);
  }
  const entry = metrics.get(name);
  if (entry === undefined) {
    throw new ThresholdMistake(`no metric is called ${name}${suggest(name, namesLike(name))}`);
  }
  checkMeasured(population, name, scope);
  return { population, name, entry };
}

/** The names of the same group, or all when there is no such group. */
function namesLike(name: string): readonly string[] {
  const all = [...metrics.keys()];
  const group = all.filter((known) => known.startsWith(name.slice(0, name.indexOf('.') + 1)));
  return group.length > 0 ? group : all;
}

function checkMeasured(population: string | null, name: string, scope: Scope): void {
  const reason = whyNotMeasured(population, name, scope);
  if (reason !== null) throw new ThresholdMistake(reason);
}

function checkPhase(name: string, phase: string): void {
  const reason = whyNotByPhase(name);
  if (reason !== null) throw new ThresholdMistake(`${reason}: leave "during ${phase}" out`);
}

/** `p999` and `p99.9` are both 0.999; `p50` is 0.5. */
function readStatistic(text: string): Statistic {
  if (text === 'min' || text === 'mean' || text === 'max' || text === 'count') return text;
  const match = /^p(\d{1,2}(?:\.\d{1,6})?|9\d{2,6})$/.exec(text);
  const digits = match?.[1] ?? '';
  const percentile = /^\d{3,}$/.test(digits)
    ? Number(`0.${digits}`)
    : Number((Number(digits) / 100).toFixed(8));
  if (percentile > 0 && percentile < 1) return { percentile };
  const words = 'min, mean, max, count and percentiles such as p50, p99, p999 or p99.9';
  throw new ThresholdMistake(`${text} is not a statistic: there are ${words}`);
}

function readValue(text: string, subject: Subject): Pick<Threshold, 'value' | 'unit'> {
  if (subject.denominator !== null) return readShare(text);
  const entry = metrics.get(subject.name);
  if (entry?.unit === 'us' && subject.statistic !== 'count') return readQuantity(parseDuration(text), 'us');
  if (entry?.unit === 'bytes') return readQuantity(parseSize(text), 'bytes');
  if (!/^\d{1,15}(\.\d+)?$/.test(text)) {
    const example =
      entry?.unit === 'ratio' ? 'is a factor, write one such as 2.5' : 'counts, write one such as 0';
    throw new ThresholdMistake(`${JSON.stringify(text)} is not a plain number: ${subject.name} ${example}`);
  }
  return { value: Number(text), unit: 'count' };
}

function readShare(text: string): Pick<Threshold, 'value' | 'unit'> {
  if (/^\d+(\.\d+)?$/.test(text)) return { value: Number(text), unit: 'share' };
  return readQuantity(parsePercentage(text), 'share');
}

function readQuantity(
  parsed: ReturnType<typeof parseDuration>,
  unit: Threshold['unit'],
): Pick<Threshold, 'value' | 'unit'> {
  if ('problem' in parsed) throw new ThresholdMistake(parsed.problem);
  return { value: parsed.value, unit };
}
