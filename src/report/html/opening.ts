/** The first screen: the answer, whether to believe it, six numbers, and the timeline. */
import type { RunResult } from '../../result/types.js';
import { count, counted, duration, elapsed, share } from '../numbers.js';
import { BUSY, LATE_US, type Verdict, verdict, worstSendLagUs } from '../verdict.js';
import { heroes } from './heroes.js';
import { type Content, html, type Markup, unbroken } from './markup.js';

export function opening(result: RunResult): Markup {
  const { outcome, sentence } = verdict(result);
  return html`${verdictHeader(outcome, sentence)}
<p class="about">${about(result)}</p>
${validityStrip(result)}
${heroes(result)}`;
}

/** The answer, large, with a sign for those who look before they read. */
export function verdictHeader(outcome: Verdict['outcome'], sentence: string): Markup {
  return html`<header class="verdict ${outcome}">${glyph(outcome)}<h1>${unbroken(sentence)}</h1></header>`;
}

const GLYPH_PATHS: Record<Verdict['outcome'], string> = {
  passed: 'M8 14.5l4 4 8-9',
  measured: 'M9 14h10',
  failed: 'M9.5 9.5l9 9m0-9l-9 9',
  'not-valid': 'M14 8v7m0 4v.01',
  partial: 'M14 8v7m0 4v.01',
};

function glyph(outcome: Verdict['outcome']): Markup {
  return html`<svg class="glyph" width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><circle cx="14" cy="14" r="12.5"/><path d="${GLYPH_PATHS[outcome]}"/></svg>`;
}

function about({ scenario, target, run, tool, warnings }: RunResult): Content {
  const when = `${run.startedAt.slice(0, 10)} ${run.startedAt.slice(11, 16)} UTC`;
  const parts: Content[] = [
    html`<a href="#scenario">${scenario.name}</a> against ${target.name}`,
    when,
    unbroken(elapsed(run.durationMs)),
    `${tool.name} ${tool.version}`,
    ...(warnings.length === 0
      ? []
      : [html`<a class="doubt" href="#warnings">${counted(warnings.length, 'warning')}</a>`]),
  ];
  return parts.map((part, i) => html`${i === 0 ? null : ' · '}${part}`);
}

interface Check {
  readonly name: string;
  readonly text: string;
  readonly doubt: boolean;
}

function validityStrip(result: RunResult): Markup {
  const { status, reasons } = result.run.validity;
  const words = {
    valid: 'The measurement can be trusted.',
    'generator-limited': 'The generator was the limit.',
    partial: 'Part of the record is missing.',
  }[status];
  const checks = validityChecks(result);
  return html`<div class="validity ${status}"><p><strong>${words}</strong>${checks.map(
    ({ name, text, doubt }) =>
      html` <span class="${doubt ? 'doubt' : 'well'}">${name} ${html`<b>${text}</b>`}</span>`,
  )}</p>${reasons.slice(0, 2).map((reason) => html`<p class="reason">${reason}</p>`)}</div>`;
}

function validityChecks(result: RunResult): Check[] {
  const busiest = Math.max(0, ...result.series.eventLoopUtilization);
  const lag = worstSendLagUs(result);
  const machine = result.environment.machines[0];
  const descriptors = machine?.limits.descriptors ?? null;
  const perProcess = result.connections.peakOpen / Math.max(1, result.plan.hosts);
  return [
    { name: 'generator busy', text: `${share(busiest)} at most`, doubt: busiest > BUSY },
    ...(lag === null ? [] : [{ name: 'send lag', text: `${duration(lag)} p99`, doubt: lag > LATE_US }]),
    ...(descriptors === null
      ? []
      : [
          {
            name: 'descriptors',
            text: `${count(Math.ceil(perProcess))} of ${count(descriptors)}`,
            doubt: perProcess > descriptors * 0.9,
          },
        ]),
    {
      name: 'target',
      text: machine?.coLocated === true ? 'on this machine' : 'on another machine',
      doubt: false,
    },
  ];
}
