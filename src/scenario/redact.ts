import { type Path, startsWith, valueAt } from './problem.js';
import type { Source } from './source.js';

const REDACTED = '[redacted]';

/** A value in the file that holds a literal credential. */
interface Finding {
  readonly path: Path;
  readonly redacted: string;
  readonly secrets: readonly string[];
}

const SECRET_HEADER = /^(authorization|proxy-authorization|cookie|x-api-key)$/i;
const SECRET_QUERY =
  /([?&](?:access[_-]?token|token|api[_-]?key|key|client[_-]?secret|secret|password|passwd|jwt|auth|signature|sig)=)((?:\$\{[^}]*\}|[^&#])+)/gi;
const SUBSTITUTION = /(\$\{[^}]*\})/;
/** What stands before a credential in a header and is none: the scheme of RFC 9110, section 11.4. */
const AUTH_SCHEME = /^\s*(?:basic|bearer|digest|token)\s+/i;

/** Credentials written into the document. Those from the environment stand there as `${env.X}` and are no findings. */
export function findCredentials(document: unknown): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (path: Path, value: unknown, redact: (text: string) => Redaction): void => {
    if (typeof value !== 'string') return;
    const { redacted, secrets } = redact(value);
    if (secrets.length > 0) findings.push({ path, redacted, secrets });
  };
  const addConnect = (path: Path): void => {
    add([...path, 'path'], valueAt(document, [...path, 'path']), redactQuery);
    for (const [name, value] of entriesAt(document, [...path, 'headers'])) {
      if (SECRET_HEADER.test(name)) add([...path, 'headers', name], value, redactHeader);
    }
  };
  add(['target', 'url'], valueAt(document, ['target', 'url']), redactQuery);
  add(['target', 'path'], valueAt(document, ['target', 'path']), redactQuery);
  add(['beside', 'http'], valueAt(document, ['beside', 'http']), redactQuery);
  add(['target', 'options', 'token'], valueAt(document, ['target', 'options', 'token']), redactLiterals);
  addConnect(['connect']);
  for (const [name] of entriesAt(document, ['populations'])) addConnect(['populations', name, 'connect']);
  for (const [key, values] of entriesAt(document, ['matrix'])) findings.push(...findInMatrix(key, values));
  return findings;
}

/** What a value of the matrix would give away at its place; credentials lie behind names alone, never in lists. */
function findInMatrix(key: string, values: unknown): readonly Finding[] {
  if (!Array.isArray(values)) return [];
  const path = key.trim().split('.');
  return values.flatMap((value: unknown, i) => {
    const placed = path.reduceRight((inner, segment) => ({ [segment]: inner }), value);
    return findCredentials(placed)
      .filter((finding) => startsWith(finding.path, path))
      .map((finding) => ({ ...finding, path: ['matrix', key, i, ...finding.path.slice(path.length)] }));
  });
}

/** The text with every finding blanked out, and its secrets wherever else they stand, comments too. */
export function redactText(source: Source, text: string, findings: readonly Finding[]): string {
  const cuts = findings
    .map(({ path, redacted }) => ({ range: source.rangeOf(path), redacted }))
    .filter((cut) => cut.range !== null)
    .sort((a, b) => (b.range?.[0] ?? 0) - (a.range?.[0] ?? 0));
  let result = text;
  let limit = text.length;
  for (const { range, redacted } of cuts) {
    // Aliases lead to the same place more than once.
    if (range === null || range[1] > limit) continue;
    result = result.slice(0, range[0]) + JSON.stringify(redacted) + result.slice(range[1]);
    limit = range[0];
  }
  return hideAll(result, findings);
}

/** A copy of plain data with every finding blanked out. */
export function redactDocument(document: unknown, findings: readonly Finding[]): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  for (const { path, redacted } of findings) {
    const holder = valueAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof holder === 'object' && holder !== null && key !== undefined)
      Reflect.set(holder, key, redacted);
  }
  return copy;
}

interface Redaction {
  readonly redacted: string;
  readonly secrets: readonly string[];
}

function redactHeader(value: string): Redaction {
  const scheme = AUTH_SCHEME.exec(value)?.[0] ?? '';
  const rest = redactLiterals(value.slice(scheme.length));
  const cookies = rest.secrets.flatMap((text) =>
    [...text.matchAll(/=([^;]+)/g)].map((match) => match[1]?.trim() ?? ''),
  );
  return { redacted: scheme + rest.redacted, secrets: [...rest.secrets, ...cookies] };
}

function redactQuery(value: string): Redaction {
  const secrets: string[] = [];
  const redacted = value.replaceAll(SECRET_QUERY, (_all, name: string, credential: string) => {
    const rest = redactLiterals(credential);
    secrets.push(...rest.secrets);
    return name + rest.redacted;
  });
  return { redacted, secrets };
}

/** Blanks what is written out; `${...}` stays as it is. */
function redactLiterals(value: string): Redaction {
  const secrets: string[] = [];
  const redacted = value
    .split(SUBSTITUTION)
    .map((part) => {
      if (part.trim() === '' || SUBSTITUTION.test(part)) return part;
      secrets.push(part);
      return REDACTED;
    })
    .join('');
  return { redacted, secrets };
}

/** Short values are left where they are not known to be secret: they stand in every text. */
function hideAll(text: string, findings: readonly Finding[]): string {
  const secrets = new Set(
    findings.flatMap((finding) => finding.secrets).filter((secret) => secret.length >= 6),
  );
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, REDACTED);
  return result;
}

function entriesAt(document: unknown, path: Path): [string, unknown][] {
  const value = valueAt(document, path);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
