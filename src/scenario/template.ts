import type { Template } from './scenario.js';

/** What may be filled in: `${env.NAME}`, `${index}`, `${row.column}`, `${port}`. */
export type Substitution = 'env' | 'index' | 'row' | 'port';

export interface TemplateRules {
  readonly allowed: readonly Substitution[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of `rows`, or null without rows. */
  readonly columns: readonly string[] | null;
}

export interface ReadTemplate {
  /** `${port}` stays as text. */
  readonly template: Template;
  /** Values that came from the environment. */
  readonly fromEnv: readonly string[];
  readonly problems: readonly string[];
}

type Piece = Template[number];

/** Text with `${...}` in it. The environment is filled in here, what differs by connection when it opens. */
export function readTemplate(text: string, rules: TemplateRules): ReadTemplate {
  const template: Piece[] = [];
  const fromEnv: string[] = [];
  const problems: string[] = [];
  const append = (piece: Piece): void => {
    const last = template.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') template[template.length - 1] = last + piece;
    else if (piece !== '') template.push(piece);
  };
  let end = 0;
  for (const match of text.matchAll(/\$\{([^}]*)(\}?)/g)) {
    append(text.slice(end, match.index));
    end = match.index + match[0].length;
    const read = readSubstitution(match[0], match[1] ?? '', rules);
    if ('problem' in read) problems.push(read.problem);
    else append(read.piece);
    if ('piece' in read && read.fromEnv && typeof read.piece === 'string') fromEnv.push(read.piece);
  }
  append(text.slice(end));
  return { template, fromEnv, problems };
}

function readSubstitution(
  written: string,
  inner: string,
  rules: TemplateRules,
): { readonly piece: Piece; readonly fromEnv: boolean } | { readonly problem: string } {
  const { kind, name } = splitSubstitution(inner);
  if (!written.endsWith('}')) return { problem: `${written} has no closing brace` };
  if (kind === null)
    return { problem: `${written} is not a substitution: ${listSubstitutions(rules.allowed)}` };
  if (!rules.allowed.includes(kind)) {
    return { problem: `${written} is not filled in here: ${listSubstitutions(rules.allowed)}` };
  }
  if (kind === 'index') return { piece: { index: true }, fromEnv: false };
  if (kind === 'port') return { piece: written, fromEnv: false };
  if (kind === 'env') {
    const value = Object.hasOwn(rules.env, name) ? rules.env[name] : undefined;
    if (value === undefined)
      return { problem: `${written}: the environment has no ${name}, set it before the run` };
    return { piece: value, fromEnv: true };
  }
  if (rules.columns === null)
    return { problem: `${written} needs rows: name a CSV file, such as rows: tokens.csv` };
  if (!rules.columns.includes(name)) {
    return { problem: `${written}: there is no column ${name}, the columns are ${rules.columns.join(', ')}` };
  }
  return { piece: { row: name }, fromEnv: false };
}

function splitSubstitution(inner: string): { readonly kind: Substitution | null; readonly name: string } {
  if (inner === 'index' || inner === 'port') return { kind: inner, name: '' };
  if (/^env\.[A-Za-z_][A-Za-z0-9_]*$/.test(inner)) return { kind: 'env', name: inner.slice('env.'.length) };
  if (/^row\../.test(inner)) return { kind: 'row', name: inner.slice('row.'.length) };
  return { kind: null, name: '' };
}

const NOTATIONS: Readonly<Record<Substitution, string>> = {
  env: '${env.NAME}',
  index: '${index}',
  row: '${row.column}',
  port: '${port}',
};

function listSubstitutions(allowed: readonly Substitution[]): string {
  return allowed.length === 0
    ? 'nothing is'
    : `there are ${allowed.map((kind) => NOTATIONS[kind]).join(', ')}`;
}

/** The text for one connection. `row` is its row of `rows`, or null without rows. */
export function fillTemplate(
  template: Template,
  index: number,
  row: Readonly<Record<string, string>> | null,
): string {
  let text = '';
  for (const piece of template) {
    if (typeof piece === 'string') text += piece;
    else if ('index' in piece) text += index;
    else text += row?.[piece.row] ?? '';
  }
  return text;
}
