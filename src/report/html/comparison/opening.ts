/** The first screen of a comparison: the answer, whether to believe it, and every metric that counts with its change. */
import type { ComparisonRecord, ComparisonVerdict } from '../../../result/comparison.js';
import { runsWords, sideWords } from '../../comparedSides.js';
import { comparisonAnswer } from '../../comparisonWords.js';
import { counted, elapsed } from '../../numbers.js';
import type { Verdict } from '../../verdict.js';
import { type Content, html, type Markup, unbroken } from '../markup.js';
import { verdictHeader } from '../opening.js';
import { overview } from './overview.js';
import { trustStrip } from './trustStrip.js';
import { sideName } from './verdicts.js';

export function comparisonOpening(record: ComparisonRecord): Markup {
  const { outcome, sentence } = comparisonAnswer(record);
  return html`${verdictHeader(headerOf(record, outcome), sentence)}
<p class="about">${about(record)}</p>
${trustStrip(record)}
${overview(record)}`;
}

const HEADERS: Readonly<Record<ComparisonVerdict, Verdict['outcome']>> = {
  worse: 'failed',
  better: 'passed',
  same: 'measured',
  inconclusive: 'partial',
};

/** Of the same server on both sides nothing can be better or worse; what a calibration leaves undecided, it has measured. */
function headerOf({ kind, baseline, candidate, method }: ComparisonRecord, outcome: ComparisonVerdict) {
  if (kind !== 'calibrate') return HEADERS[outcome];
  const isShort = Math.min(baseline.runs, candidate.runs) < method.leastRuns;
  return isShort || outcome === 'worse' || outcome === 'better' ? 'partial' : 'measured';
}

function about(record: ComparisonRecord): Content {
  const { scenario, startedAt, durationMs, tool, notes, rounds } = record;
  const parts: Content[] = [
    scenario.file === null ? scenario.name : `${scenario.name} (${scenario.file})`,
    sides(record),
    runsWords(record) + runLength(record),
    ...(rounds === null ? [] : [`took ${unbroken(elapsed(durationMs))}`]),
    `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`,
    `${tool.name} ${tool.version}`,
    ...(notes.length === 0
      ? []
      : [html`<a class="doubt" href="#notes">${counted(notes.length, 'note')}</a>`]),
  ];
  return parts.map((part, i) => html`${i === 0 ? null : ' · '}${part}`);
}

function sides({ kind, baseline, candidate }: ComparisonRecord): Content {
  if (kind === 'calibrate') return `${sideWords(baseline)} against itself`;
  return html`${sideName('baseline')} ${sideWords(baseline)} → ${sideName('candidate')} ${sideWords(candidate)}`;
}

/** Of the run in the middle; they are all of one scenario. */
function runLength({ runs }: ComparisonRecord): string {
  const lengths = runs.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const middle = lengths[lengths.length >> 1];
  return middle === undefined ? '' : ` of ${unbroken(elapsed(middle))}`;
}
