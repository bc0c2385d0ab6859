import type { Prediction } from '../../../result/recovery.js';
import { capitalized, count, duration, percent, rate } from '../../numbers.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';
import { type Figure, figuresOf } from './figures.js';
import type { Storm } from './storm.js';

/** The storm in numbers, each beside what the model says and with what it means. */
export function figuresSection(storm: Storm): Section {
  const { fault, suffix } = storm;
  const { predicted } = storm.recovery;
  const model = predicted === null ? [] : ['model', 'model is off by'];
  return {
    id: `storm${suffix}`,
    name: `Figures${suffix.replace('-', ' ')}`,
    title: predicted === null ? `The storm after the ${fault}, in numbers` : modelFinding(storm, predicted),
    pictures: [],
    reading: predicted === null ? null : assumptions(predicted),
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'what'),
          ...columns('number', 'measured', ...model),
          ...columns('words', 'meaning'),
        ],
        rows: figuresOf(storm).map((figure) => [
          figure.what,
          shown(figure, figure.measured),
          ...(predicted === null ? [] : [shown(figure, figure.model), offBy(figure)]),
          figure.meaning,
        ]),
      },
    ],
  };
}

function shown({ words, unknown }: Figure, value: number | null): string {
  return value === null ? unknown : words(value);
}

function modelFinding({ recovery: { t99Ms }, aftermath }: Storm, { t99Ms: model }: Prediction): string {
  if (model === null) {
    return t99Ms === null
      ? 'The model agrees: 99 % were never back'
      : `The model never had 99 % back; measured, it took ${duration(t99Ms * 1000)}`;
  }
  const said = `The model had 99 % back after ${duration(model * 1000)}`;
  if (t99Ms === null) {
    return model > aftermath.lastsMs
      ? `${said}, later than the record goes`
      : `${said}; measured, they never were`;
  }
  const error = (model - t99Ms) / Math.max(1, t99Ms);
  if (Math.abs(error) < 0.005) return `${said}, as measured`;
  return `${said}, ${percent(Math.abs(error) * 100)} ${error > 0 ? 'more' : 'less'} than measured`;
}

function assumptions({ assumptions: given, stopped }: Prediction): string {
  const { outageMs, acceptPerSecond, acceptSource, acceptQueue, attemptsPerSecond, refusedPerSecond } = given;
  const refused = refusedPerSecond === null ? '' : ` (${rate(refusedPerSecond)} while they are refused)`;
  const clients =
    attemptsPerSecond === null
      ? ''
      : `, and clients that together make at most ${rate(attemptsPerSecond)} attempts${refused}`;
  const end = stopped === null ? '' : ` ${capitalized(stopped)}.`;
  return `The model is a simulation of the same clients and policies, not a measurement; it runs on until all are back or have given up. It takes for given ${outageWords(outageMs)}, a server that manages ${rate(acceptPerSecond)} handshakes (${acceptSource}), an accept queue of ${count(acceptQueue)}${clients}.${end}`;
}

function outageWords(outageMs: number | null): string {
  if (outageMs === null) return 'an outage without end';
  return outageMs === 0 ? 'no outage' : `an outage of ${duration(outageMs * 1000)}`;
}

/** `+12 %`; empty where the two cannot be compared. */
function offBy({ measured, model }: Figure): string {
  if (measured === null || model === null) return '';
  if (measured === model) return '0 %';
  if (measured === 0) return '';
  const error = ((model - measured) / measured) * 100;
  return `${error > 0 ? '+' : '-'}${percent(Math.abs(error))}`;
}
