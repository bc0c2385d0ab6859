import type { z } from 'zod';
import { matrixSchema } from './matrixSchema.js';
import type { Path, Report } from './problem.js';
import { scenarioSchema } from './schema.js';
import { wording } from './wording.js';

const partialSchema = scenarioSchema.partial();

/** What of a document is sound, so that what depends on it can be checked although other parts are wrong. */
export interface CheckedDocument {
  /** Sections and populations with a problem in them are left out. */
  readonly sound: z.output<typeof partialSchema>;
  /** The sections that were left out, or lack a population. */
  readonly broken: ReadonlySet<string>;
}

/** Stage one: the shape of the document, each key and each quantity by itself. */
export function validateDocument(data: unknown, report: Report): CheckedDocument {
  const whole = scenarioSchema.safeParse(data, { error: wording });
  if (whole.success) return { sound: whole.data, broken: new Set() };
  for (const issue of whole.error.issues) reportIssue(issue, [], report);
  const broken = new Set(whole.error.issues.flatMap((issue) => issue.path.slice(0, 1).map(String)));
  const rest = partialSchema.safeParse(prune(data, whole.error.issues));
  return { sound: rest.success ? rest.data : {}, broken };
}

/** The matrix by itself, its values as they are written; null when its shape is wrong. */
export function validateMatrix(
  matrix: unknown,
  report: Report,
): Readonly<Record<string, readonly unknown[]>> | null {
  const whole = matrixSchema.safeParse(matrix, { error: wording });
  if (whole.success) return whole.data;
  for (const issue of whole.error.issues) reportIssue(issue, ['matrix'], report);
  return null;
}

function reportIssue(issue: z.core.$ZodIssue, prefix: Path, report: Report): void {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    issue.keys.forEach((key, i) => {
      report([...path, key], messages[i] ?? issue.message, 'key');
    });
  } else if (issue.code === 'invalid_key') {
    for (const inner of issue.issues) report(path, inner.message, 'key');
  } else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    for (const inner of closestBranch(issue.errors)) reportIssue(inner, path, report);
  } else {
    report(path, issue.message);
  }
}

/** Of several ways to write something, the one that was meant: the first of the right type, else the first. */
function closestBranch(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] {
  const ofRightType = branches.find((issues) =>
    issues.every(
      (issue) => issue.path.length > 0 || (issue.code !== 'invalid_type' && issue.code !== 'invalid_value'),
    ),
  );
  return ofRightType ?? branches[0] ?? [];
}

/** The document without its broken sections; of the populations only the broken ones go. */
function prune(data: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof data !== 'object' || data === null) return {};
  const rest = new Map<string, unknown>(Object.entries(data));
  const populations = new Map<string, unknown>(Object.entries(rest.get('populations') ?? {}));
  for (const issue of issues) {
    const [section, population] = issue.path.map(String);
    if (section === undefined) {
      if (issue.code === 'unrecognized_keys') for (const key of issue.keys) rest.delete(key);
    } else if (section === 'populations' && population !== undefined) populations.delete(population);
    else rest.delete(section);
  }
  if (populations.size > 0) rest.set('populations', Object.fromEntries(populations));
  else rest.delete('populations');
  return Object.fromEntries(rest);
}
