/** The first screen of a matrix: what came of it, whether to believe it, and the variants side by side. */
import type { MatrixRecord, MatrixVariant } from '../../../result/matrix.js';
import { matrixVerdict, runVerdict } from '../../matrixWords.js';
import { count, counted, duration } from '../../numbers.js';
import { type Content, html, type Markup } from '../markup.js';
import { verdictHeader } from '../opening.js';
import { table } from '../table.js';
import { sideTable } from './sideTable.js';

export function matrixOpening(matrix: MatrixRecord): Markup {
  const { outcome, sentence } = matrixVerdict(matrix);
  return html`${verdictHeader(outcome, sentence)}
<p class="about">${about(matrix)}</p>
${validityStrip(matrix)}
<div class="sides">${table(sideTable(matrix))}</div>`;
}

function about({ scenario, variants, startedAt, tool }: MatrixRecord): Content {
  const target = variants.find(({ result }) => result !== null)?.result?.target;
  const runs = counted(variants.length, 'run');
  const parts: Content[] = [
    scenario.file === null ? scenario.name : `${scenario.name} (${scenario.file})`,
    ...(target === undefined ? [] : [`${runs} against ${target}, afresh each time`]),
    `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC`,
    `${tool.name} ${tool.version}`,
  ];
  return parts.map((part, i) => html`${i === 0 ? null : ' · '}${part}`);
}

function validityStrip({ variants }: MatrixRecord): Markup {
  const doubtful = variants.filter(({ result }) => result !== null && result.validity.status !== 'valid');
  const missing = variants.filter(({ result }) => result === null);
  const status = doubtful.length + missing.length === 0 ? 'valid' : 'partial';
  const words = status === 'valid' ? 'Every run can be trusted.' : 'Not every run can be trusted.';
  const reasons = [
    ...doubtful.map(reasonOf),
    ...missing.map(
      ({ label, exitCode }) => `${label} did not come to a run; it ended with exit code ${exitCode}.`,
    ),
  ];
  return html`<div class="validity ${status}"><p><strong>${words}</strong> <span class="well">same scenario and seed in each run, one after the other</span></p>${reasons.slice(0, 4).map((reason) => html`<p class="reason">${reason}</p>`)}${reasons.length > 4 ? html`<p class="reason">And ${count(reasons.length - 4)} more.</p>` : null}</div>`;
}

function reasonOf(variant: MatrixVariant): string {
  const { words } = runVerdict(variant);
  const reason = variant.result?.validity.reasons[0] ?? `${words}.`;
  const from = variant.result?.validity.fromMs ?? null;
  return `${variant.label}: ${reason}${from === null ? '' : ` From ${duration(from * 1000)} on.`}`;
}
