import { basename, dirname, extname } from 'node:path';
import { ScenarioError, UsageError } from '../errors.js';
import { createReport, formatPath, type Path, type Problem } from './problem.js';
import { findCredentials, redactDocument, redactText } from './redact.js';
import { refuseStraySubstitutions, resolve } from './resolve.js';
import type { Scenario } from './scenario.js';
import { applySetting, parseSetting, type Setting } from './setting.js';
import { parseSource, type Source } from './source.js';
import { createSurroundings, keepSecret, readTextFile, type Surroundings } from './surroundings.js';
import { validateDocument } from './validate.js';

const MAX_SCENARIO_BYTES = 1024 * 1024;

export interface ReadOptions {
  /** Path as the user gave it. */
  readonly file: string;
  /** `path=value` of each `--set`, applied in this order. */
  readonly set?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ParseOptions {
  readonly text: string;
  /** For messages and the default name; null for a scenario that is in no file. */
  readonly file: string | null;
  /** Paths inside the scenario count from here. */
  readonly folder: string;
  readonly set?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a scenario file, YAML or JSON. Throws a `UsageError` when the file cannot be read, and a
 * `ScenarioError` with every problem as `file:line:column path: what is wrong, how to write it`.
 */
export function readScenario({ file, set = [], env }: ReadOptions): Scenario {
  let text: string;
  try {
    text = readTextFile(file, MAX_SCENARIO_BYTES);
  } catch (error) {
    throw new UsageError(
      `Cannot read the scenario: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parseScenario({ text, file, folder: dirname(file), set, env });
}

/** The same for text that is in memory already. */
export function parseScenario({ text, file, folder, set = [], env }: ParseOptions): Scenario {
  const label = file ?? 'scenario';
  const source = parseSource(text);
  if (source.syntaxProblems.length > 0) {
    throw new ScenarioError(source.syntaxProblems.map((problem) => `${label}:${problem}`));
  }
  if (source.data === null || source.data === undefined) {
    throw new ScenarioError([`${label}:1:1 the scenario is empty: it begins with version: 1`]);
  }
  const { data, settings, settingProblems } = applySettings(source.data, set);
  const { report, problems } = createReport();
  const around = createSurroundings(folder, env, report);
  const checked = validateDocument(data, report);
  refuseStraySubstitutions(data, around);
  const { document, scenario } = resolve(checked, defaultName(file), around);
  const allProblems = [...formatProblems(problems, source, settings, file), ...settingProblems];
  if (allProblems.length > 0 || scenario === null) throw new ScenarioError(allProblems);
  const findings = keepFindings(document, around);
  return {
    ...scenario,
    file,
    text: redactText(source, text, findCredentials(source.data)),
    document: redactDocument(document, findings),
    secrets: [...around.secrets],
  };
}

/** Applies what can be applied. */
function applySettings(
  data: unknown,
  set: readonly string[],
): { data: unknown; settings: readonly Setting[]; settingProblems: readonly string[] } {
  const settingProblems: string[] = [];
  const settings: Setting[] = [];
  let result = data;
  for (const text of set) {
    try {
      const setting = parseSetting(text);
      result = applySetting(result, setting);
      settings.push(setting);
    } catch (error) {
      const [path] = text.split('=', 1);
      settingProblems.push(`--set ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { data: result, settings, settingProblems };
}

function keepFindings(document: unknown, around: Surroundings): ReturnType<typeof findCredentials> {
  const findings = findCredentials(document);
  for (const secret of findings.flatMap((finding) => finding.secrets)) keepSecret(around, secret);
  return findings;
}

/** In the order of the file; those of `--set` come last. */
function formatProblems(
  problems: readonly Problem[],
  source: Source,
  settings: readonly Setting[],
  file: string | null,
): string[] {
  const placed = problems.map((problem) => {
    const path = formatPath(problem.path);
    const text = path === '' ? problem.message : `${path}: ${problem.message}`;
    if (settings.some((setting) => causes(setting, problem, source))) {
      return { line: Number.MAX_SAFE_INTEGER, column: 0, text: `--set ${text}` };
    }
    if (file === null) return { line: 0, column: 0, text };
    const { line, column } = source.locate(problem.path, problem.at);
    return { line, column, text: `${file}:${line}:${column} ${text}` };
  });
  return placed.sort((a, b) => a.line - b.line || a.column - b.column).map(({ text }) => text);
}

/** True if a problem lies in what the setting wrote, or in a map that only the setting made. */
function causes(setting: Setting, problem: Problem, source: Source): boolean {
  if (startsWith(problem.path, setting.path)) return true;
  return startsWith(setting.path, problem.path) && source.rangeOf(problem.path) === null;
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((segment, i) => String(path[i]) === String(segment));
}

/** `scenarios/quick start.yaml` is called `quick start`. */
function defaultName(file: string | null): string {
  if (file === null) return 'ad-hoc';
  const name = basename(file, extname(file))
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
    .replace(/^\.+/, '');
  return name === '' ? 'scenario' : name.slice(0, 100);
}
