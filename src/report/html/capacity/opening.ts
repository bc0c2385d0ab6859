/** The first screen of a capacity search: the answer, whether to believe it, the numbers that readers ask for. */
import type { CapacityOutcome, CapacityRecord } from '../../../result/capacity.js';
import { capacityVerdict } from '../../capacityWords.js';
import { loadNumber } from '../../loads.js';
import { count, counted, duration, elapsed, share } from '../../numbers.js';
import { BUSY, LATE_US } from '../../verdict.js';
import { drawHero } from '../hero.js';
import { type Content, html, type Markup, unbroken } from '../markup.js';
import { verdictHeader } from '../opening.js';
import { capacityHeroes } from './heroes.js';
import { levelsSection } from './levelsSection.js';
import { measured, telling, triesOf } from './tries.js';

export function capacityOpening(record: CapacityRecord): Markup {
  const { outcome, sentence } = capacityVerdict(record);
  const heroes = capacityHeroes(record);
  return html`${verdictHeader(HEADERS[outcome], sentence)}
<p class="about">${about(record)}</p>
${trustStrip(record)}
${heroes.length === 0 ? null : html`<dl class="heroes">${heroes.map(drawHero)}</dl>`}
${levelsSection(record)}`;
}

const HEADERS = { found: 'measured', failed: 'failed', doubt: 'partial' } as const;

function about({ scenario, startedAt, durationMs, tool, notes }: CapacityRecord): Content {
  const parts: Content[] = [
    scenario.file === null ? scenario.name : `${scenario.name} (${scenario.file})`,
    `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`,
    unbroken(elapsed(durationMs)),
    `${tool.name} ${tool.version}`,
    ...(notes.length === 0
      ? []
      : [html`<a class="doubt" href="#notes">${counted(notes.length, 'note')}</a>`]),
  ];
  return parts.map((part, i) => html`${i === 0 ? null : ' · '}${part}`);
}

const TRUST: Readonly<Record<CapacityOutcome, { readonly status: string; readonly words: string }>> = {
  bracketed: { status: 'valid', words: 'The measurement can be trusted.' },
  'at-least': { status: 'valid', words: 'The measurement can be trusted.' },
  generator: { status: 'generator-limited', words: 'The generator was the limit: this is no capacity.' },
  'never-passed': { status: 'valid', words: 'The measurement can be trusted.' },
  'target-broken': { status: 'partial', words: 'The search ended early: the target stayed broken.' },
  interrupted: { status: 'partial', words: 'The search ended early: it was interrupted.' },
};

interface Check {
  readonly name: string;
  readonly text: string;
  readonly doubt: boolean;
}

function trustStrip(record: CapacityRecord): Markup {
  const { status, words } = TRUST[record.outcome];
  return html`<div class="validity ${status}"><p><strong>${words}</strong>${checks(record).map(
    ({ name, text, doubt }) =>
      html` <span class="${doubt ? 'doubt' : 'well'}">${name} ${html`<b>${text}</b>`}</span>`,
  )}</p>${reasons(record).map((reason) => html`<p class="reason">${reason}</p>`)}</div>`;
}

function checks(record: CapacityRecord): Check[] {
  const at = telling(record);
  const { eventLoopUtilization: busy = null, sendLagP99Us: lag = null } = at?.result.generator ?? {};
  const where = at === null ? '' : ` at ${loadNumber(at.load, record.vary)}`;
  return [
    ...(busy === null
      ? []
      : [{ name: 'generator busy', text: `${share(busy)}${where}`, doubt: busy > BUSY }]),
    ...(lag === null ? [] : [{ name: 'send lag', text: `${duration(lag)} p99`, doubt: lag > LATE_US }]),
    { name: 'tries', text: triesWords(record), doubt: false },
    ...repeats(record),
  ];
}

function triesWords(record: CapacityRecord): string {
  const tries = triesOf(record);
  const invalid = tries.filter(({ sign }) => sign === 'doubtful').length;
  return count(tries.length) + (invalid === 0 ? '' : `, ${count(invalid)} not valid`);
}

/** How sure the ends of the bracket are. */
function repeats(record: CapacityRecord): Check[] {
  return [record.lastPass, record.firstFail].flatMap((load) => {
    const here = triesOf(record).filter((one) => one.load === load);
    if (load === null || here.length < 2) return [];
    const passed = here.filter(({ sign }) => sign === 'passed').length;
    return [
      {
        name: `passed at ${loadNumber(load, record.vary)}`,
        text: `${count(passed)} of ${count(here.length)}`,
        doubt: false,
      },
    ];
  });
}

const MOST_REASONS = 2;

/** Of the first try that was not valid, where the search ended with it. */
function reasons(record: CapacityRecord): string[] {
  if (record.outcome !== 'generator') return [];
  const own = measured(record).find(({ load, sign }) => load === record.firstFail && sign === 'doubtful');
  const limit = record.limitedBy?.evidence.find(({ code }) => code === 'generator');
  const told = limit?.code === 'generator' ? limit.reasons : (own?.own.validity?.reasons ?? []);
  return told.slice(0, MOST_REASONS);
}
