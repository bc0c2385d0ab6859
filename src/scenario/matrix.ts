import { ScenarioError } from '../errors.js';
import { type Axis, readAxes } from './axes.js';
import { type Built, buildScenario, inFileOrder, type PlacedProblem, place } from './build.js';
import { type OpenScenario, openFile, type ReadOptions } from './open.js';
import { createReport, formatPath, type Path, reasonOf } from './problem.js';
import type { Scenario } from './scenario.js';
import { applySetting, type Setting } from './setting.js';

const LONGEST_FOLDER = 60;

/** One of the scenarios that a matrix makes of one file. */
export interface Variant {
  /** What sets it apart, for people: `full-jitter`, or `policy=fixed, connections=500`; '' without a matrix. */
  readonly label: string;
  /** Name for a folder of its own, in the order of the variants; '' without a matrix. */
  readonly folder: string;
  /** By path, the values that the matrix gave it; secrets redacted. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly scenario: Scenario;
}

/**
 * Reads a scenario file and makes every scenario that its matrix asks for, the first key varying slowest; one
 * when there is no matrix. Throws what `readScenario` throws, with the problems of all of them.
 */
export function expandMatrix(options: ReadOptions): readonly Variant[] {
  return variantsOf(openFile(options));
}

/** The same for a scenario that is open. */
export function variantsOf(open: OpenScenario): readonly Variant[] {
  const { report, problems } = createReport();
  const axes = readAxes(open, report);
  const attempts = combine(axes ?? []).map((picked) => buildVariant(open, picked));
  const allProblems = [
    ...problems.map((problem) => place(problem, open, open.settings)),
    ...gatherProblems(attempts),
  ];
  if (allProblems.length > 0 || open.settingProblems.length > 0) {
    throw new ScenarioError([...inFileOrder(allProblems), ...open.settingProblems]);
  }
  return attempts.flatMap(({ label, settings, scenario }, i) =>
    scenario === null ? [] : [{ label, folder: folderFor(label, i, attempts.length), settings, scenario }],
  );
}

/** One value of an axis, and what the axis is called in labels. */
type Picked = Axis['choices'][number] & { readonly axisName: string };

/** Every way to pick one value of each axis; one empty way without axes. */
function combine(axes: readonly Axis[]): readonly (readonly Picked[])[] {
  const names = nameAxes(axes.map(({ path }) => path));
  return axes.reduce<readonly (readonly Picked[])[]>(
    (combinations, { choices }, i) =>
      combinations.flatMap((picked) =>
        choices.map((choice) => [...picked, { ...choice, axisName: names[i] ?? '' }]),
      ),
    [[]],
  );
}

/** The ends of the paths, as short as still tells them apart. */
function nameAxes(paths: readonly Path[]): string[] {
  for (let length = 1; ; length++) {
    const names = paths.map((path) => formatPath(path.slice(-length)));
    if (new Set(names).size === names.length) return names;
  }
}

interface Attempt extends Built, Pick<Variant, 'label' | 'settings'> {}

function buildVariant(open: OpenScenario, picked: readonly Picked[]): Attempt {
  const settings: Setting[] = [...open.settings, ...picked.map(({ setting }) => setting)];
  const problems: PlacedProblem[] = [];
  let data = withoutMatrix(open.data);
  for (const { setting } of picked) {
    try {
      data = applySetting(data, setting);
    } catch (error) {
      problems.push(place({ path: setting.path, message: reasonOf(error), at: 'value' }, open, settings));
    }
  }
  const built = buildScenario(open, data, settings);
  const [only] = picked;
  return {
    label:
      picked.length === 1 && only !== undefined
        ? only.label
        : picked.map(({ axisName, label }) => `${axisName}=${label}`).join(', '),
    settings: Object.fromEntries(picked.map(({ setting, shown }) => [formatPath(setting.path), shown])),
    scenario: built.scenario,
    problems: [...problems, ...built.problems],
  };
}

function withoutMatrix(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'matrix'));
}

/** Each problem once. One that lies in the file and that only some variants have says in which. */
function gatherProblems(attempts: readonly Attempt[]): PlacedProblem[] {
  const found = new Map<string, { readonly problem: PlacedProblem; readonly labels: string[] }>();
  for (const { label, problems } of attempts) {
    for (const problem of problems) {
      const known = found.get(problem.text);
      if (known === undefined) found.set(problem.text, { problem, labels: [label] });
      else known.labels.push(label);
    }
  }
  return [...found.values()].map(({ problem, labels }) => {
    const [first, ...more] = labels;
    if (labels.length === attempts.length || problem.isOfMatrix) return problem;
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return { ...problem, text: `${problem.text} (with ${first}${others})` };
  });
}

/** `03-full-jitter`: sorted as they ran, and safe on every file system. */
function folderFor(label: string, index: number, count: number): string {
  if (label === '') return '';
  const word = label
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, LONGEST_FOLDER)
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return `${String(index + 1).padStart(String(count).length, '0')}-${word || 'variant'}`;
}
