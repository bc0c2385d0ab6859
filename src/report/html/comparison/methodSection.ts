import type { ComparisonRecord, InconclusiveReason } from '../../../result/comparison.js';
import { REASONS, SHORT_REASONS } from '../../comparisonWords.js';
import { count, counted, percent, probability, share, trimmed } from '../../numbers.js';
import type { Section } from '../section.js';
import { columns } from '../table.js';

/** How a verdict comes about, in plain words with the numbers of this comparison. */
export function methodSection(record: ComparisonRecord): Section {
  const alarmRate = trimmed(percent(record.method.alarmRate * 100));
  return {
    id: 'method',
    name: 'Method',
    title: `A change counts when it is more than chance and more than its margin; two equal sides get "worse" in ${alarmRate} of comparisons at most`,
    pictures: [],
    reading: null,
    numbers: [
      {
        caption: null,
        columns: [...columns('name', 'question'), ...columns('words', 'how it is answered')],
        rows: [...evidence(record), ...verdicts(record)],
      },
    ],
  };
}

function evidence(record: ComparisonRecord): string[][] {
  const { method, baseline, candidate, metrics, rounds } = record;
  const { resamples, seed, family, level, leastRuns } = method;
  const isDifferent = metrics.some(({ basis }) => basis === 'difference');
  return [
    [
      'What is compared?',
      `One number of each run, ${count(baseline.runs)} against ${count(candidate.runs)}. A run counts once, however many messages it had: messages of one run are not independent of each other. A verdict takes ${count(leastRuns)} runs a side.`,
    ],
    [
      'How large is a change?',
      `The ratio of the two medians${isDifferent ? ', or their difference where the baseline was 0 in a run' : ''}. Its 95 % interval is where the middle 95 % of ${counted(resamples, 'ratio')} lie that are drawn from these ${rounds === null ? 'runs' : 'rounds'} again and again, with replacement (bootstrap, seed ${count(seed)}).`,
    ],
    [
      'Could it be chance?',
      `The exact rank-sum test of Wilcoxon, Mann and Whitney on the runs: of all ways to deal these values out to two sides, the share that sets them so far apart.${isInBlocks(record) ? ' Both sides ran in turn, so that values are dealt out among rounds that lie side by side, and ranked by what they differ from the median of those (aligned ranks, of logarithms where all are above 0): what drifted from one to the next is no difference.' : ''}`,
    ],
    [
      'Are there many questions?',
      `The p-values are corrected over ${counted(family, 'metric')} (Holm), those that could come to a verdict at all, and held against ${probability(level)}, both directions together${rounds === null ? '' : '. Where rounds may end early, every look takes its part of the alarm rate'}.`,
    ],
    ['What is too small to matter?', marginSentence(method)],
  ];
}

/** Fewer rounds are one block. */
const LEAST_IN_BLOCKS = 9;

function isInBlocks({ rounds, baseline, candidate }: ComparisonRecord): boolean {
  return rounds !== null && Math.min(baseline.runs, candidate.runs) >= LEAST_IN_BLOCKS;
}

function marginSentence({ calibration }: ComparisonRecord['method']): string {
  const source =
    calibration === null
      ? "by how much the baseline's own runs differ"
      : `by the calibration of ${calibration.slice(0, 10)}`;
  return `What is less than the margin: the larger of the tolerance and the smallest change that so many runs can tell from none in four of five cases, ${source}.`;
}

const REASON_KINDS = [
  'wide-interval',
  'not-significant',
  'undetectable',
  'too-few-runs',
] as const satisfies readonly InconclusiveReason[];

function verdicts({ method: { alarmRate, level } }: ComparisonRecord): string[][] {
  return [
    [
      'Worse or better?',
      `The interval excludes no change, the corrected p-value is at most ${probability(level)}, and the change is more than the margin. Of two equal sides ${share(alarmRate)} at most are called worse.`,
    ],
    ['The same?', 'The whole interval lies within the margin, and the margin is narrow enough to say so.'],
    [
      'Inconclusive?',
      `Everything else: ${REASON_KINDS.map((reason) => `${SHORT_REASONS[reason]} (${REASONS[reason]})`).join(', ')}. More runs or a quieter machine may decide it.`,
    ],
  ];
}
