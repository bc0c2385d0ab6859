/** How a variant stands in a table: its name first, what came of its run last. */
import type { MatrixVariant } from '../../../result/matrix.js';
import { runVerdict } from '../../matrixWords.js';
import type { Tone } from '../chart.js';
import { html, type Markup } from '../markup.js';

/** With the colour that it has on all charts. */
export function variantName({ label }: MatrixVariant, tone: Tone): Markup {
  return html`<span class="swatch t-${tone}"></span>${label}`;
}

/** What came of the run, as a link to its report in its folder beside this page. */
export function verdictLink(variant: MatrixVariant): Markup {
  const { folder, result } = variant;
  const { words, tone } = runVerdict(variant);
  if (result === null) return html`<span class="${tone}">${words}</span>`;
  const path = folder.split('/').map(encodeURIComponent).join('/');
  return html`<a class="${tone}" href="./${path}/report.html">${words}</a>`;
}
