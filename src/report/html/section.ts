/** A part of the page: what was found, the picture, how to read it, the numbers. */
import type { TimeChart } from './chart.js';
import { type Content, html, type Markup, unbroken } from './markup.js';
import { type Table, table } from './table.js';

export interface Section {
  readonly id: string;
  /** In the list of contents: a word or two. */
  readonly name: string;
  /** States the finding, not the kind of chart. */
  readonly title: string;
  readonly pictures: ReadonlyArray<TimeChart | Picture>;
  /** How to read the picture, in a line; null where it needs no telling. */
  readonly reading: string | null;
  /** Behind a disclosure when there is a picture, else in its place. */
  readonly numbers: readonly Table[];
}

export interface Picture {
  readonly title: string | null;
  readonly still: Content;
}

export function isTimeChart(picture: TimeChart | Picture): picture is TimeChart {
  return 'atMs' in picture;
}

export function renderSection(section: Section, drawChart: (chart: TimeChart) => Markup): Markup {
  const { id, title, pictures, reading, numbers } = section;
  const tables = numbers.map(table);
  const told = reading === null ? null : html`<p class="reading">${unbroken(reading)}</p>`;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${unbroken(title)}</h2>
${pictures.map((picture) => (isTimeChart(picture) ? drawChart(picture) : drawStill(picture)))}
${pictures.length === 0 ? [tables, told] : [told, behindDisclosure(tables)]}
</section>`;
}

function behindDisclosure(tables: readonly Markup[]): Markup | null {
  return tables.length === 0 ? null : html`<details><summary>The numbers</summary>${tables}</details>`;
}

function drawStill({ title, still }: Picture): Markup {
  return html`<figure class="chart">${title === null ? null : html`<figcaption>${title}</figcaption>`}${still}</figure>`;
}
