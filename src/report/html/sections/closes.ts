import { isAbnormal } from '../../../result/endings.js';
import type { CloseCount, RunResult } from '../../../result/types.js';
import { count, counted, share } from '../../numbers.js';
import { abnormalCloses, closeCodeWords, closeWeight, closeWords } from '../../words.js';
import { html, type Markup } from '../markup.js';
import type { Picture, Section } from '../section.js';
import { bar } from '../svg.js';
import { columns, type Table, table } from '../table.js';

const WEIGHTS = ['expected', 'announced', 'abnormal'] as const;
const TONES = { expected: 'context', announced: 'doubt', abnormal: 'bad' } as const;

/** How connections ended, phase by phase. */
export function closes(result: RunResult): Section | null {
  if (result.closes.length === 0) return null;
  return {
    id: 'closes',
    name: 'Closes',
    title: finding(result.closes),
    pictures: [stacks(result)],
    reading:
      'Grey was to be expected: wsherd ended it, or the server said normal or going away. Amber the server announced with another code. Red is a loss: no close frame, or a broken rule.',
    numbers: [closeTable(result)],
  };
}

function finding(closes: readonly CloseCount[]): string {
  const all = closes.reduce((sum, { count: n }) => sum + n, 0);
  const abnormal = abnormalCloses(closes);
  if (abnormal === 0) return `${all === 1 ? 'The one close' : `All ${count(all)} closes`} went as expected`;
  const main = closes.filter(isAbnormal).reduce((a, b) => (b.count > a.count ? b : a));
  return `${counted(abnormal, 'connection')} of ${count(all)} ended abnormally (${share(abnormal / all)}), most often because ${closeWords(main)}`;
}

function stacks(result: RunResult): Picture {
  const order = [
    ...new Set([...result.phases.map(({ name }) => name), ...result.closes.map(({ phase }) => phase)]),
  ];
  const phases = order
    .map((phase) => ({ phase, closes: result.closes.filter((close) => close.phase === phase) }))
    .filter(({ closes }) => closes.length > 0);
  const most = phases.reduce((top, { closes }) => Math.max(top, total(closes)), 1);
  return {
    title: null,
    still: table({
      caption: null,
      columns: [
        ...columns('name', 'phase'),
        ...columns('bar', ''),
        ...columns('number', 'closed'),
        ...columns('words', 'how'),
      ],
      rows: phases.map(({ phase, closes }) => [
        phase,
        stack(closes, most),
        count(total(closes)),
        ways(closes),
      ]),
    }),
  };
}

function stack(closes: readonly CloseCount[], most: number): Markup {
  return bar(
    WEIGHTS.flatMap((weight) => {
      const n = total(closes.filter((close) => closeWeight(close) === weight));
      return n === 0 ? [] : [{ share: n / most, tone: TONES[weight] }];
    }),
  );
}

/** The three most frequent ways in words. */
function ways(closes: readonly CloseCount[]): Markup {
  const byWords = new Map<string, { n: number; tone: string }>();
  for (const close of closes) {
    const words = closeWords(close);
    const known = byWords.get(words);
    byWords.set(words, { n: (known?.n ?? 0) + close.count, tone: TONES[closeWeight(close)] });
  }
  const order = [...byWords].sort(([, a], [, b]) => b.n - a.n);
  const shown = order.slice(0, 3);
  const more = order.length - shown.length;
  return html`<ul class="ways">${shown.map(([words, { n, tone }]) => html`<li class="t-${tone}">${html`<span>${count(n)} ${words}</span>`}</li>`)}${more > 0 ? html`<li>and ${count(more)} more ways</li>` : null}</ul>`;
}

function total(closes: readonly CloseCount[]): number {
  return closes.reduce((sum, { count: n }) => sum + n, 0);
}

function closeTable({ closes, populations }: RunResult): Table {
  const several = Object.keys(populations).length > 1;
  const order = [...closes].sort(
    (a, b) => Number(isAbnormal(b)) - Number(isAbnormal(a)) || b.count - a.count,
  );
  return {
    caption: null,
    columns: [
      ...columns('number', 'count'),
      ...columns('name', 'phase', ...(several ? ['population'] : []), 'initiator', 'cause', 'code'),
      ...columns('words', 'in words', 'what the server said'),
    ],
    rows: order.map((close) => [
      count(close.count),
      close.phase,
      ...(several ? [close.population] : []),
      close.initiator,
      close.cause,
      closeCodeWords(close.code),
      closeWords(close),
      html`<q>${close.example}</q>`,
    ]),
  };
}
