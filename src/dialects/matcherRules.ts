import type { JsonMatcher, JsonMatchers, JsonTemplates, TemplateProblem } from './jsonTemplates.js';

type MatcherName = Exclude<keyof JsonMatchers, 'other'>;

/** The matchers, and what a value may stand for. */
const MATCHERS = [
  ['ready', []],
  ['joined', ['room']],
  ['pong', ['sequence']],
  ['acknowledged', ['id', 'sequence']],
  ['error', []],
  ['message', ['id']],
] as const satisfies ReadonlyArray<readonly [MatcherName, readonly string[]]>;

/** What is wrong with the matchers by themselves, with each other, and with the messages that they answer. */
export function checkMatchers(templates: JsonTemplates): readonly TemplateProblem[] {
  const { expect } = templates;
  const each = MATCHERS.flatMap(([name, allowed]) => {
    const matcher = expect[name];
    return matcher === null ? [] : checkMatcher(['expect', name], matcher, allowed);
  });
  const others = expect.other.flatMap((matcher, i) => checkMatcher(['expect', 'other', i], matcher, []));
  return [...each, ...others, ...checkDistinct(expect), ...checkAnswers(templates)];
}

function checkMatcher(
  path: TemplateProblem['path'],
  matcher: JsonMatcher,
  allowed: readonly string[],
): readonly TemplateProblem[] {
  const fields = Object.entries(matcher);
  if (fields.length === 0)
    return [{ path, message: 'would match everything: write a field and its value, such as { type: pong }' }];
  return fields.flatMap(([key, value]) => {
    const problems: TemplateProblem[] = [];
    if (key.split('.').includes(''))
      problems.push({
        path: [...path, key],
        message: 'has an empty part: write payload.room for a field in a field',
      });
    if (typeof value === 'string' && value.includes('${') && !allowed.some((name) => value === `\${${name}}`))
      problems.push({
        path: [...path, key],
        message: `has a value that means nothing here: ${wanted(allowed)}`,
      });
    return problems;
  });
}

function wanted(allowed: readonly string[]): string {
  if (allowed.length === 0) return 'write it as the server does';
  return `write it as the server does, or ${allowed.map((name) => `\${${name}}`).join(' or ')} and nothing else`;
}

/** Two that ask for the same cannot be told apart. `message` is asked only about what is a message already. */
function checkDistinct({ other, message: _message, ...expect }: JsonMatchers): readonly TemplateProblem[] {
  const seen = new Map<string, string>();
  const named = Object.entries(expect).map(([name, matcher]) => ({ path: ['expect', name], matcher }));
  const others = other.map((matcher, i) => ({ path: ['expect', 'other', i], matcher }));
  return [...named, ...others].flatMap(({ path, matcher }) => {
    if (matcher === null) return [];
    const identity = JSON.stringify(Object.entries(matcher).sort());
    const twin = seen.get(identity);
    seen.set(identity, path.join('.'));
    return twin === undefined
      ? []
      : [{ path, message: `is the same as ${twin}: add a field that tells them apart` }];
  });
}

/** A server can say back only what it was told. */
function checkAnswers({
  heartbeat,
  publish,
  acknowledge,
  expect,
}: JsonTemplates): readonly TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const refuse = (name: MatcherName, message: string) => problems.push({ path: ['expect', name], message });
  if (stands('sequence', expect.pong) && !heartbeat.includes('${sequence}'))
    refuse('pong', 'asks for ${sequence}, which heartbeat does not hold: put it there, or leave it out here');
  for (const name of ['id', 'sequence']) {
    if (stands(name, expect.acknowledged) && !publish.includes(`\${${name}}`))
      refuse(
        'acknowledged',
        `asks for \${${name}}, which publish does not hold: put it there, or leave it out here`,
      );
  }
  if (expect.message !== null && !stands('id', expect.message))
    refuse('message', 'does not say where the id is: write for example { type: message, id: "${id}" }');
  if (expect.message !== null && acknowledge === null)
    refuse('message', 'is only asked for what to acknowledge: write acknowledge too, or leave it out');
  if (acknowledge?.includes('${id}') && expect.message === null && !publish.includes('${id}')) {
    const message =
      'holds ${id}, which publish does not: put it there, or say in expect.message where the server writes one';
    problems.push({ path: ['acknowledge'], message });
  }
  return problems;
}

function stands(name: string, matcher: JsonMatcher | null): boolean {
  return matcher !== null && Object.values(matcher).includes(`\${${name}}`);
}
