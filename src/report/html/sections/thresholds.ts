import type { RunResult, ThresholdVerdict } from '../../../result/types.js';
import { observedWords, shareOfLimit, unseenWords } from '../../limits.js';
import { count, counted, share } from '../../numbers.js';
import { html, type Markup } from '../markup.js';
import type { Section } from '../section.js';
import { bar } from '../svg.js';
import { columns } from '../table.js';

/** Where on a bar the limit stands, so that what is beyond it can be seen. */
const LIMIT_AT = 0.75;

/** What was asked of the run, and how near it came. */
export function thresholds({ thresholds }: RunResult): Section | null {
  if (thresholds.length === 0) return null;
  const failed = thresholds.filter(({ passed }) => !passed).length;
  const all = counted(thresholds.length, 'threshold');
  return {
    id: 'thresholds',
    name: 'Thresholds',
    title:
      failed === 0
        ? `${thresholds.length === 1 ? 'The one threshold was' : `All ${all} were`} kept`
        : `${count(failed)} of ${all} ${failed === 1 ? 'was' : 'were'} not kept`,
    pictures: [],
    reading: 'The mark on a bar is the limit; a bar that stays short of it has room.',
    numbers: [
      {
        caption: null,
        columns: [
          ...columns('name', 'threshold'),
          ...columns('name', 'verdict'),
          ...columns('bar', ''),
          ...columns('number', 'seen', 'of the limit'),
        ],
        rows: [...thresholds].sort((a, b) => Number(a.passed) - Number(b.passed)).map(row),
      },
    ],
  };
}

function row(verdict: ThresholdVerdict) {
  const used = shareOfLimit(verdict);
  return [
    html`<code>${verdict.expression}</code>`,
    verdict.passed ? html`<span class="well">✓ kept</span>` : html`<strong class="bad">✕ failed</strong>`,
    used === null ? null : usedBar(used, verdict.passed),
    observedWords(verdict) ?? unseenWords(verdict),
    used === null ? '' : share(used),
  ];
}

function usedBar(used: number, passed: boolean): Markup {
  return bar([{ share: Math.min(1, used * LIMIT_AT), tone: passed ? 'server' : 'bad' }], LIMIT_AT);
}
