import { stringify } from 'yaml';
import type { OpenScenario } from './open.js';
import { formatPath, type Path, type Report, reasonOf, startsWith, valueAt } from './problem.js';
import { findCredentials, redactDocument } from './redact.js';
import { parseSettingPath, type Setting } from './setting.js';
import { validateMatrix } from './validate.js';

const MOST_VARIANTS = 64;

/** One key of a matrix: a path and the values to try there. */
export interface Axis {
  readonly path: Path;
  readonly choices: readonly Choice[];
}

interface Choice {
  readonly setting: Setting;
  /** The value in a word, different from those of the other choices. */
  readonly label: string;
  /** The value, secrets redacted. */
  readonly shown: unknown;
}

/** The axes of the scenario's matrix, none without one; null when it is wrong: problems go to `report`. */
export function readAxes(open: OpenScenario, report: Report): readonly Axis[] | null {
  const written = valueAt(open.data, ['matrix']);
  if (written === undefined) return [];
  const matrix = validateMatrix(written, report);
  if (matrix === null) return null;
  const axes = Object.entries(matrix).map(([key, values]) => readAxis(key, values, open, report));
  const sound = axes.filter((axis) => axis !== null);
  if (!checkAxes(sound, open.settings, report) || sound.length < axes.length) return null;
  return sound;
}

function readAxis(key: string, values: readonly unknown[], open: OpenScenario, report: Report): Axis | null {
  const place = ['matrix', key];
  const identities = values.map((value) => JSON.stringify(value));
  const again = identities.findIndex((identity, i) => identities.indexOf(identity) < i);
  if (again >= 0) {
    report([...place, again], 'stands in this list already: take one of them out');
    return null;
  }
  let path: Path;
  try {
    path = parseSettingPath(key);
  } catch (error) {
    report(place, `${reasonOf(error)}: write one such as populations.clients.connections`, 'key');
    return null;
  }
  const redacted = redactDocument(open.data, findCredentials(open.data));
  const shown = values.map((_, i) => valueAt(redacted, [...place, i]));
  const labels = labelValues(shown);
  const fromCommandLine = open.settings.some((setting) => setting.path[0] === 'matrix');
  const choices = values.map((value, i) => ({
    setting: {
      path,
      value,
      writtenAt: fromCommandLine ? null : [...place, i],
      note: ` (matrix value ${labels[i]})`,
    },
    label: labels[i] ?? '',
    shown: shown[i],
  }));
  return { path, choices };
}

/** What is wrong between the axes, and between them and the command line; true when nothing is. */
function checkAxes(axes: readonly Axis[], settings: readonly Setting[], report: Report): boolean {
  let isSound = true;
  const refuse: Report = (...problem) => {
    isSound = false;
    report(...problem);
  };
  const count = axes.reduce((product, { choices }) => product * choices.length, 1);
  if (count > MOST_VARIANTS) {
    refuse(['matrix'], `asks for ${count} runs: at most ${MOST_VARIANTS} are made, take values out`, 'key');
  }
  for (const { path } of axes) {
    const key = formatPath(path);
    if (path[0] === 'matrix') refuse(['matrix', key], 'cannot vary the matrix itself', 'key');
    const outer = axes.find((other) => other.path !== path && startsWith(path, other.path));
    if (outer !== undefined) {
      const message = `lies inside of ${formatPath(outer.path)}, which has values of its own: vary one of them`;
      refuse(['matrix', key], message, 'key');
    }
    for (const setting of settings.filter((given) => startsWith(given.path, path))) {
      refuse(
        setting.path,
        `the matrix gives ${key} values of its own: take one of them out, for this run by --set matrix={}`,
      );
    }
  }
  return isSound;
}

/**
 * A word for each value where that tells them apart, compact YAML where it does not. What differs only in secrets
 * is numbered.
 */
function labelValues(values: readonly unknown[]): string[] {
  const words = values.map(wordFor);
  return words
    .map((word, i) => (words.indexOf(word) === words.lastIndexOf(word) ? word : yamlOf(values[i])))
    .map((label, i, labels) => (labels.indexOf(label) === i ? label : `${label} (${i + 1})`));
}

function wordFor(value: unknown): string {
  const policy = valueAt(value, ['policy']);
  if (typeof policy === 'string') return policy;
  return typeof value === 'string' && value !== '' ? value : yamlOf(value);
}

function yamlOf(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
