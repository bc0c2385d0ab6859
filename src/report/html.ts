/** The report page of a run. */
import type { RunResult } from '../result/types.js';
import type { TimeChart } from './html/chart.js';
import { drawChart, htmlDocument } from './html/document.js';
import { frameOf, RUN_FRAME } from './html/frame.js';
import { html, type Markup } from './html/markup.js';
import { opening } from './html/opening.js';
import { sectionsOf } from './html/sections/list.js';
import { timeline, timelineTables } from './html/sections/timeline.js';
import { stormFrames } from './html/storm/list.js';
import { table } from './html/table.js';
import { verdict } from './verdict.js';

/** A whole HTML document in one file, that opens from disk. */
export function renderHtml(result: RunResult): string {
  const frames = { [RUN_FRAME]: frameOf(result), ...stormFrames(result) };
  const first = timeline(result);
  const draw = (chart: TimeChart) => drawChart(chart, frames);
  return htmlDocument({
    title: `${result.scenario.name}: ${verdict(result).sentence}`,
    opening: html`${opening(result)}
${first === null ? null : timelineSection(result, draw(first))}`,
    first,
    sections: sectionsOf(result),
    frames,
  });
}

function timelineSection(result: RunResult, chart: Markup): Markup {
  return html`<section id="timeline" aria-label="Timeline">${chart}
<details><summary>Phases and events</summary>${timelineTables(result).map(table)}</details></section>`;
}
