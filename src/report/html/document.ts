/** The frame of every page: one file that opens from disk, offline, with and without scripts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Frame, PageCharts, TimeChart } from './chart.js';
import { html, jsonElement, type Markup, ownCode } from './markup.js';
import { isTimeChart, renderSection, type Section } from './section.js';
import { still } from './still.js';

export interface PageParts {
  readonly title: string;
  /** Above the list of contents. */
  readonly opening: Markup;
  /** The chart of the opening. */
  readonly first: TimeChart | null;
  readonly sections: readonly Section[];
  /** By name, for all charts of the page. */
  readonly frames: Readonly<Record<string, Frame>>;
}

/** A whole HTML document. Reads the page's bundle beside this file, made by `npm run build`. */
export function htmlDocument({ title, opening, first, sections, frames }: PageParts): string {
  const style = bundle('page.css');
  const script = bundle('page.js');
  const charts = [
    ...(first === null ? [] : [first]),
    ...sections.flatMap(({ pictures }) => pictures.filter(isTimeChart)),
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${ownCode('style', style)}
</head>
<body>
<main>
${opening}
${contents(sections)}
${sections.map((section) => renderSection(section, (chart) => drawChart(chart, frames)))}
</main>
${jsonElement('charts', { frames, charts } satisfies PageCharts)}
${ownCode('script', script)}
</body>
</html>
`;
  return page.text;
}

function bundle(file: string): string {
  return readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
}

/** Nothing is loaded and nothing runs but the style and the script of this page. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(code: string): string {
  return `sha256-${createHash('sha256').update(code, 'utf8').digest('base64')}`;
}

function contents(sections: readonly Section[]): Markup {
  return html`<nav aria-label="Contents">${sections.map(({ id, name }) => html`<a href="#${id}">${name}</a> `)}</nav>`;
}

/** The still picture of a chart, in whose place the page's script puts a live one. */
export function drawChart(chart: TimeChart, frames: Readonly<Record<string, Frame>>): Markup {
  const frame = frames[chart.frame];
  if (frame === undefined) throw new Error(`the chart ${chart.id} has no frame ${chart.frame}`);
  return html`<figure class="chart time" data-chart="${chart.id}"><figcaption>${chart.title}<span class="readout"></span></figcaption>${key(chart)}<div class="still">${still(chart, frame)}</div></figure>`;
}

/** Layers end at nothing, where no name could stand beside them. */
function key({ form, lines }: TimeChart): Markup | null {
  if (form !== 'stack') return null;
  return html`<ul class="key">${[...lines].reverse().map(({ name, tone }) => html`<li class="t-${tone}">${html`<span>${name}</span>`}</li>`)}</ul>`;
}
