import type { CapacityRecord } from '../../../result/capacity.js';
import { loadWords } from '../../capacityWords.js';
import { observedWords, unseenWords } from '../../limits.js';
import { achievedNumber, loadNumber } from '../../loads.js';
import { capitalized, counted, elapsed, percent } from '../../numbers.js';
import { html, type Markup, unbroken } from '../markup.js';
import type { Sign } from '../sign.js';
import { columns, type Table, table } from '../table.js';
import { levelsChart, levelsKey } from './levelsChart.js';
import { limitSentence } from './limits.js';
import { SIGN_WORDS, type Tried, triesOf } from './tries.js';

/** Every load that was tried, and what came of it, on the first screen; null when nothing was tried. */
export function levelsSection(record: CapacityRecord): Markup | null {
  if (triesOf(record).length === 0) return null;
  return html`<section id="levels" aria-label="Levels"><figure class="chart"><figcaption>${unbroken(finding(record))}${levelsKey(record)}</figcaption>${levelsChart(record)}</figure>
<details><summary>${disclosed(record)}</summary>${table(levelsTable(record))}</details></section>`;
}

function disclosed(record: CapacityRecord): string {
  const hasFailed = triesOf(record).some(({ sign }) => sign !== 'passed');
  return hasFailed ? 'Every try, and why it did not pass' : 'Every try';
}

function finding(record: CapacityRecord): string {
  const { levels, lastPass, firstFail, vary } = record;
  const tries = counted(triesOf(record).length, 'try', 'tries');
  const [least, most] = [levels[0]?.load ?? 0, levels.at(-1)?.load ?? 0];
  const at = levels.length === 1 ? loadWords(least, vary) : `${levels.length} loads`;
  const range = levels.length === 1 ? '' : `, from ${loadNumber(least, vary)} to ${loadWords(most, vary)}`;
  if (lastPass === null || firstFail === null) return `${capitalized(tries)} at ${at}${range}`;
  const gap = percent(((firstFail - lastPass) / Math.max(1, firstFail)) * 100);
  return `${tries} at ${at}${range}, narrowed it down to a gap of ${gap}`;
}

function levelsTable(record: CapacityRecord): Table {
  const { vary } = record;
  return {
    caption: null,
    columns: [
      ...columns('number', 'load'),
      ...columns('number', 'try'),
      ...columns('name', 'its run'),
      ...columns('number', 'came', 'took'),
      ...columns('words', 'why'),
    ],
    rows: triesOf(record).map((one) => {
      const { load, own } = one;
      const achieved = own.result?.achieved ?? null;
      return [
        loadNumber(load, vary),
        String(own.order),
        reportLink(one),
        achieved === null ? '–' : achievedNumber(achieved, vary),
        own.result === null ? '–' : elapsed(own.result.durationMs),
        whyWords(one),
      ];
    }),
  };
}

const SIGN_MARKS: Readonly<Record<Sign, { readonly mark: string; readonly tone: string }>> = {
  passed: { mark: '✓', tone: 'well' },
  failed: { mark: '✕', tone: 'bad' },
  doubtful: { mark: '△', tone: 'doubt' },
};

/** To the report of the try, in its folder beside this page. */
function reportLink({ own, sign }: Tried): Markup {
  const { mark, tone } = SIGN_MARKS[sign];
  const words = `${mark} ${SIGN_WORDS[sign]}`;
  if (own.result === null) return html`<span class="${tone}">${words}</span>`;
  const path = own.folder.split('/').map(encodeURIComponent).join('/');
  return html`<a class="${tone}" href="./${path}/report.html">${words}</a>`;
}

/** Why a try did not pass; empty where it did. */
function whyWords({ own, sign }: Tried): string {
  if (sign === 'passed') return '';
  const early = own.stoppedEarly ? ' (left early)' : '';
  const [limit] = own.limits;
  if (limit !== undefined) return limitSentence(limit) + early;
  const [verdict] = own.failedThresholds;
  if (verdict !== undefined) {
    return `${verdict.expression}: ${observedWords(verdict) ?? unseenWords(verdict)}${early}`;
  }
  return own.validity?.reasons[0] ?? (own.result === null ? 'It did not come to a run.' : early.trim());
}
