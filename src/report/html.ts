/** The report page: one file that opens from disk, offline, with and without scripts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RunResult } from '../result/types.js';
import type { Frame, PageCharts, TimeChart } from './html/chart.js';
import { frameOf } from './html/frame.js';
import { html, jsonElement, type Markup, ownCode } from './html/markup.js';
import { opening } from './html/opening.js';
import { isTimeChart, renderSection, type Section } from './html/section.js';
import { sections } from './html/sections/list.js';
import { timeline, timelineTables } from './html/sections/timeline.js';
import { still } from './html/still.js';
import { table } from './html/table.js';
import { verdict } from './verdict.js';

/** A whole HTML document. Reads the page's bundle beside this file, made by `npm run build`. */
export function renderHtml(result: RunResult): string {
  const style = bundle('page.css');
  const script = bundle('page.js');
  const frame = frameOf(result);
  const first = timeline(result);
  const found = sections.map((section) => section(result)).filter((section) => section !== null);
  const charts = [
    ...(first === null ? [] : [first]),
    ...found.flatMap(({ pictures }) => pictures.filter(isTimeChart)),
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${result.scenario.name}: ${verdict(result).sentence}</title>
${ownCode('style', style)}
</head>
<body>
<main>
${opening(result)}
${first === null ? null : timelineSection(result, drawChart(first, frame))}
${contents(found)}
${found.map((section) => renderSection(section, (chart) => drawChart(chart, frame)))}
</main>
${jsonElement('charts', { frame, charts } satisfies PageCharts)}
${ownCode('script', script)}
</body>
</html>
`;
  return page.text;
}

function bundle(file: string): string {
  return readFileSync(new URL(`./html/${file}`, import.meta.url), 'utf8');
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

function timelineSection(result: RunResult, chart: Markup): Markup {
  return html`<section id="timeline" aria-label="Timeline">${chart}
<details><summary>Phases and events</summary>${timelineTables(result).map(table)}</details></section>`;
}

function contents(found: readonly Section[]): Markup {
  return html`<nav aria-label="Contents">${found.map(({ id, name }) => html`<a href="#${id}">${name}</a> `)}</nav>`;
}

function drawChart(chart: TimeChart, frame: Frame): Markup {
  return html`<figure class="chart time" data-chart="${chart.id}"><figcaption>${chart.title}<span class="readout"></span></figcaption><div class="still">${still(chart, frame)}</div></figure>`;
}
