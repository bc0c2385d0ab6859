import { dirname } from 'node:path';
import { ScenarioError, UsageError } from '../errors.js';
import { reasonOf } from './problem.js';
import { applySetting, parseSetting, type Setting } from './setting.js';
import { parseSource, type Source } from './source.js';
import { type AllowedCode, readTextFile } from './surroundings.js';

const MAX_SCENARIO_BYTES = 1024 * 1024;

export interface ReadOptions {
  /** Path as the user gave it. */
  readonly file: string;
  /** `path=value` of each `--set`, applied in this order. */
  readonly set?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which modules of the user's own may be loaded; default: none. */
  readonly allowedCode?: AllowedCode;
}

export interface ParseOptions {
  readonly text: string;
  /** For messages and the default name; null for a scenario that is in no file. */
  readonly file: string | null;
  /** Paths inside the scenario count from here. */
  readonly folder: string;
  readonly set?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly allowedCode?: AllowedCode;
}

/** A scenario's text as data, before any of it is checked. */
export interface OpenScenario extends Omit<ParseOptions, 'set'> {
  readonly source: Source;
  /** With every `--set` that can be applied. */
  readonly data: unknown;
  readonly settings: readonly Setting[];
  /** What is wrong with the others, each as a line. */
  readonly settingProblems: readonly string[];
}

/** Throws a `UsageError` when the file cannot be read, and what `openText` throws. */
export function openFile({ file, ...options }: ReadOptions): OpenScenario {
  let text: string;
  try {
    text = readTextFile(file, MAX_SCENARIO_BYTES);
  } catch (error) {
    throw new UsageError(`Cannot read the scenario: ${reasonOf(error)}`);
  }
  return openText({ ...options, text, file, folder: dirname(file) });
}

/** Throws a `ScenarioError` for text that is not YAML, with every place where it is not. */
export function openText({ set = [], ...given }: ParseOptions): OpenScenario {
  const label = given.file ?? 'scenario';
  const source = parseSource(given.text);
  if (source.syntaxProblems.length > 0) {
    throw new ScenarioError(source.syntaxProblems.map((problem) => `${label}:${problem}`));
  }
  if (source.data === null || source.data === undefined) {
    throw new ScenarioError([`${label}:1:1 the scenario is empty: it begins with version: 1`]);
  }
  return { ...given, source, ...applySettings(source.data, set) };
}

/** Applies what can be applied. */
function applySettings(
  data: unknown,
  set: readonly string[],
): Pick<OpenScenario, 'data' | 'settings' | 'settingProblems'> {
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
      settingProblems.push(`--set ${path}: ${reasonOf(error)}`);
    }
  }
  return { data: result, settings, settingProblems };
}
