import type { MatrixRecord } from '../../../result/matrix.js';
import { observedWords, unseenWords } from '../../limits.js';
import { count, counted, duration, percent } from '../../numbers.js';
import { html } from '../markup.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';
import { attemptsSection } from './attemptsSection.js';
import { besideSection, stayedSection } from './bystanderSections.js';
import { fanOutSection } from './fanOutSection.js';
import { recoverySection } from './recoverySection.js';
import { type SideBySide, toneOf } from './storms.js';
import { variantName } from './variantCells.js';

/** In the order of a reader's questions; a section with nothing to say is left out. */
export function matrixSections(matrix: MatrixRecord, storms: readonly SideBySide[]): Section[] {
  return [
    ...storms.flatMap((storm) => [
      recoverySection(storm),
      attemptsSection(storm),
      stayedSection(storm),
      besideSection(storm),
      modelSection(storm),
    ]),
    fanOutSection(matrix),
    thresholdsSection(matrix),
    settingsSection(matrix),
    repeatSection(matrix),
  ].filter((section) => section !== null);
}

/** How far the model was off, by variant. */
function modelSection({ contenders, suffix }: SideBySide): Section | null {
  const rows = contenders.flatMap(({ variant, tone, recovery: { predicted, t99Ms } }) => {
    if (predicted === null) return [];
    const model = predicted.t99Ms;
    const error = model === null || t99Ms === null ? null : (model - t99Ms) / Math.max(1, t99Ms);
    return [{ variant, tone, t99Ms, model, error }];
  });
  const known = rows.flatMap(({ error }) => (error === null ? [] : [Math.abs(error)]));
  if (rows.length === 0) return null;
  const time = (ms: number | null) => (ms === null ? 'not reached' : duration(ms * 1000));
  return {
    id: `model${suffix}`,
    name: `Model${suffix.replace('-', ' ')}`,
    title:
      known.length === 0
        ? 'Model and measurement cannot be compared'
        : `The model was off by ${percent(Math.max(...known) * 100)} at most`,
    pictures: [],
    reading:
      'The model simulates the same clients and policies; it is no measurement. Each report lays its curve over the measured one.',
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'variant'),
          ...columns('number', '99 % after', 'model', 'model is off by'),
        ],
        rows: rows.map(({ variant, tone, t99Ms, model, error }) => [
          variantName(variant, tone),
          time(t99Ms),
          time(model),
          error === null ? '' : `${error > 0 ? '+' : ''}${percent(error * 100)}`,
        ]),
      },
    ],
  };
}

function thresholdsSection({ variants }: MatrixRecord): Section | null {
  const failed = variants.flatMap((variant, index) =>
    (variant.result?.thresholds ?? [])
      .filter(({ passed }) => !passed)
      .map((verdict) => ({ variant, index, verdict })),
  );
  if (failed.length === 0) return null;
  const runs = new Set(failed.map(({ index }) => index)).size;
  return {
    id: 'thresholds',
    name: 'Thresholds',
    title: `${count(runs)} of ${counted(variants.length, 'run')} did not keep all thresholds`,
    pictures: [],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'variant', 'threshold that failed'), ...columns('number', 'seen')],
        rows: failed.map(({ variant, index, verdict }) => [
          variantName(variant, toneOf(index)),
          html`<code>${verdict.expression}</code>`,
          observedWords(verdict) ?? unseenWords(verdict),
        ]),
      },
    ],
  };
}

/** What was set in each variant; where the label says it already, nothing. */
function settingsSection({ variants }: MatrixRecord): Section | null {
  const paths = [...new Set(variants.flatMap(({ settings }) => Object.keys(settings)))];
  if (paths.length === 0) return null;
  return {
    id: 'settings',
    name: 'Settings',
    title: `The runs differ in ${paths.length === 1 ? 'one setting' : `${count(paths.length)} settings`}`,
    pictures: [],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'variant', ...paths, 'folder')],
        rows: variants.map((variant, index) => [
          variantName(variant, toneOf(index)),
          ...paths.map((path) => html`<code>${variant.settings[path] ?? '–'}</code>`),
          variant.folder,
        ]),
      },
    ],
  };
}

function repeatSection({ command }: MatrixRecord): Section {
  return {
    id: 'repeat',
    name: 'Repeat',
    title: 'This command repeats all runs',
    pictures: [{ title: null, still: html`<pre tabindex="0">${command}</pre>` }],
    reading:
      'The same scenario and seed give the same connections at the same times, against a fresh target in each run.',
    numbers: [],
  };
}
