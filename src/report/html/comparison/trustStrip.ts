/** Whether the comparison is to be believed: how many runs, where from, how often such a verdict is wrong. */
import type { ComparisonRecord } from '../../../result/comparison.js';
import { isOneKindOfMachine, roundsDone } from '../../comparedSides.js';
import { gatedIn } from '../../comparisonWords.js';
import { count, counted, elapsed, share, trimmed } from '../../numbers.js';
import { html, type Markup, unbroken } from '../markup.js';

interface Check {
  readonly name: string;
  readonly text: string;
  readonly doubt: boolean;
}

export function trustStrip(record: ComparisonRecord): Markup {
  const doubt = doubtIn(record);
  return html`<div class="validity ${doubt === null ? 'valid' : 'partial'}"><p><strong>${doubt ?? 'The runs can be trusted.'}</strong>${checks(
    record,
  ).map(
    ({ name, text, doubt: isDoubtful }) =>
      html` <span class="${isDoubtful ? 'doubt' : 'well'}">${name} ${html`<b>${unbroken(text)}</b>`}</span>`,
  )}</p></div>`;
}

/** What a reader must know before the numbers; null when nothing is wrong. */
function doubtIn(record: ComparisonRecord): string | null {
  const { rounds, baseline, candidate, method } = record;
  if (rounds?.endedBecause === 'interrupted') return 'It was interrupted before its last round.';
  if (rounds?.endedBecause === 'target-failed') return 'It ended early: a target failed.';
  if (Math.min(baseline.runs, candidate.runs) < method.leastRuns)
    return `A verdict takes ${count(method.leastRuns)} runs a side.`;
  if (gatedIn(record).length === 0) return 'The two sides have no metric in common that counts.';
  if (!isOneKindOfMachine(record)) return 'A change may be that of the machine.';
  return null;
}

function checks(record: ComparisonRecord): Check[] {
  const { baseline, candidate, method, unused } = record;
  const isOneKind = isOneKindOfMachine(record);
  return [
    {
      name: 'runs used',
      text: `${count(baseline.runs)} + ${count(candidate.runs)}`,
      doubt: Math.min(baseline.runs, candidate.runs) < method.leastRuns,
    },
    ...(unused.length === 0 ? [] : [{ name: 'left out', text: count(unused.length), doubt: true }]),
    { name: 'machine', text: isOneKind ? 'the same for all' : 'not the same', doubt: !isOneKind },
    { name: 'false alarms', text: `at most ${trimmed(share(method.alarmRate))}`, doubt: false },
    { name: 'corrected over', text: counted(method.family, 'metric'), doubt: false },
    { name: 'noise from', text: noiseWords(record), doubt: false },
    ...roundChecks(record),
  ];
}

function noiseWords({ method: { calibration }, kind }: ComparisonRecord): string {
  if (calibration !== null) return `a calibration of ${calibration.slice(0, 10)}`;
  return kind === 'calibrate' ? 'these runs' : 'the baseline';
}

function roundChecks({ rounds }: ComparisonRecord): Check[] {
  if (rounds === null) return [];
  const { endedBecause, overheadMs } = rounds;
  const early =
    endedBecause === 'clear' ? ', clear by then' : endedBecause === 'time-up' ? ', time was up' : '';
  return [
    {
      name: 'ran',
      text: `${roundsDone(rounds)}${early}`,
      doubt: endedBecause === 'interrupted' || endedBecause === 'target-failed',
    },
    { name: 'beside the runs', text: `${elapsed(overheadMs)} a round`, doubt: false },
  ];
}
