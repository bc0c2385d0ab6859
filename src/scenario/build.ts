import { basename, extname } from 'node:path';
import type { OpenScenario } from './open.js';
import { createReport, formatPath, type Path, type Problem, startsWith } from './problem.js';
import { findCredentials, redactDocument, redactText } from './redact.js';
import { refuseStraySubstitutions, resolve } from './resolve.js';
import type { Scenario } from './scenario.js';
import type { Setting } from './setting.js';
import type { Source } from './source.js';
import { createSurroundings, keepSecret, type Surroundings } from './surroundings.js';
import { validateDocument } from './validate.js';

/** A problem as the user sees it, and what it is sorted by. */
export interface PlacedProblem {
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** A value of the matrix causes it, and its text says which. */
  readonly isOfMatrix: boolean;
}

/** Problems and, when there are none, the scenario. */
export interface Built {
  readonly scenario: Scenario | null;
  readonly problems: readonly PlacedProblem[];
}

/** Checks `data`, which is the opened scenario with `settings` applied, and makes a scenario of it. */
export function buildScenario(open: OpenScenario, data: unknown, settings: readonly Setting[]): Built {
  const { file, folder, env, source, text, allowedCode = [] } = open;
  const { report, problems } = createReport();
  const around = createSurroundings(folder, env, allowedCode, report);
  const checked = validateDocument(data, report);
  refuseStraySubstitutions(data, around);
  const { document, scenario } = resolve(checked, defaultName(file), around);
  if (problems.length > 0 || scenario === null) {
    return { scenario: null, problems: problems.map((problem) => place(problem, open, settings)) };
  }
  const findings = keepFindings(document, around);
  return {
    scenario: {
      ...scenario,
      file,
      text: redactText(source, text, findCredentials(source.data)),
      document: redactDocument(document, findings),
      secrets: [...around.secrets],
    },
    problems: [],
  };
}

function keepFindings(document: unknown, around: Surroundings): ReturnType<typeof findCredentials> {
  const findings = findCredentials(document);
  for (const secret of findings.flatMap((finding) => finding.secrets)) keepSecret(around, secret);
  return findings;
}

/** A problem where it is written: in the file, or in the setting that causes it. Those of the command line come last. */
export function place(
  { path, message, at }: Problem,
  { source, file }: Pick<OpenScenario, 'source' | 'file'>,
  settings: readonly Setting[],
): PlacedProblem {
  const setting = settings.findLast((candidate) => causes(candidate, path, source)) ?? null;
  const note = setting?.note ?? '';
  const isOfMatrix = note !== '';
  const text = `${path.length === 0 ? '' : `${formatPath(path)}: `}${message}${note}`;
  if (setting !== null && setting.writtenAt === null) {
    return { line: Number.MAX_SAFE_INTEGER, column: 0, text: `--set ${text}`, isOfMatrix };
  }
  if (file === null) return { line: 0, column: 0, text, isOfMatrix };
  const { line, column } = source.locate(setting?.writtenAt ?? path, at);
  return { line, column, text: `${file}:${line}:${column} ${text}`, isOfMatrix };
}

/** The lines in the order of the file. */
export function inFileOrder(problems: readonly PlacedProblem[]): string[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column).map(({ text }) => text);
}

/** True if a problem lies in what the setting wrote, or in a map that only the setting made. */
function causes(setting: Setting, path: Path, source: Source): boolean {
  if (startsWith(path, setting.path)) return true;
  return startsWith(setting.path, path) && source.rangeOf(path) === null;
}

/** `scenarios/quick start.yaml` is called `quick start`. */
function defaultName(file: string | null): string {
  if (file === null) return 'ad-hoc';
  const name = basename(file, extname(file))
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
    .replace(/^\.+/, '');
  return name === '' ? 'scenario' : name.slice(0, 100);
}
