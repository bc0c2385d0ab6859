import type { ComparedRun, ComparisonRecord } from '../../../result/comparison.js';
import type { Machine } from '../../../result/types.js';
import { isOneKindOfMachine } from '../../comparedSides.js';
import { bytes, capitalized, count, counted, elapsed } from '../../numbers.js';
import { type Content, html } from '../markup.js';
import type { Section } from '../section.js';
import { columns, type Table } from '../table.js';
import { sideName } from './verdicts.js';

/** Runs that nothing was made of, and why; null when all were used. */
export function unusedSection({ unused }: ComparisonRecord): Section | null {
  if (unused.length === 0) return null;
  return {
    id: 'unused',
    name: 'Left out',
    title: `${capitalized(counted(unused.length, 'run was', 'runs were'))} left out: ${unused.length === 1 ? 'it says' : 'they say'} nothing about the server`,
    pictures: [],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'side', 'run', 'validity'), ...columns('words', 'why')],
        rows: unused.map(({ side, path, validity, reason }) => [
          sideName(side),
          path,
          validity ?? 'not known',
          reason,
        ]),
      },
    ],
  };
}

/** Every run that was used, with a link to its own report where that lies beside this page. */
export function runsSection(record: ComparisonRecord): Section | null {
  const { runs } = record;
  if (runs.length === 0) return null;
  const isInRounds = runs.some(({ round }) => round !== null);
  return {
    id: 'runs',
    name: 'Runs',
    title: isInRounds
      ? `${counted(runs.length, 'run')} in turn, each against a server of its own`
      : `${counted(runs.length, 'run')} of the same scenario`,
    pictures: [],
    reading: isInRounds
      ? 'The side that begins changes from round to round (ABBA), so that a machine that gets slower or warmer is no change of the server.'
      : null,
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'side'),
          ...(isInRounds ? columns('number', 'round') : []),
          ...columns('name', 'run', 'started'),
          ...columns('number', 'took'),
          ...columns('words', 'target'),
        ],
        rows: runs.map((run): Content[] => [
          sideName(run.side),
          ...(isInRounds ? [run.round === null ? '–' : count(run.round)] : []),
          runLink(run),
          run.startedAt.slice(0, 19).replace('T', ' '),
          elapsed(run.durationMs),
          run.target,
        ]),
      },
      machineTable(record),
    ],
  };
}

/** What ran in rounds lies in folders beside this page; what was given may lie anywhere. */
function runLink({ path, round }: ComparedRun): Content {
  const folders = path.split('/').slice(0, -1);
  const isBeside =
    round !== null && folders.length > 0 && folders.every((name) => name !== '' && name !== '..');
  if (!isBeside) return path;
  return html`<a href="./${folders.map(encodeURIComponent).join('/')}/report.html">${folders.join('/')}</a>`;
}

function machineTable(record: ComparisonRecord): Table {
  const { baseline, candidate } = record;
  const described = isOneKindOfMachine(record)
    ? [...baseline.machines, ...candidate.machines]
        .slice(0, 1)
        .map((machine) => ['all runs', ...cells(machine)])
    : [
        ...baseline.machines.map((machine) => [sideName('baseline'), ...cells(machine)]),
        ...candidate.machines.map((machine) => [sideName('candidate'), ...cells(machine)]),
      ];
  return {
    caption: 'Measured on',
    columns: [
      ...columns('name', 'side', 'processor'),
      ...columns('number', 'memory'),
      ...columns('name', 'system', 'Node.js', 'target on it'),
    ],
    rows: described,
  };
}

function cells({ cpus, memory, os, node, coLocated }: Machine): string[] {
  return [
    `${count(cpus.count)} × ${cpus.model}`,
    bytes(memory.totalBytes),
    os,
    node,
    coLocated ? 'yes' : 'no',
  ];
}
