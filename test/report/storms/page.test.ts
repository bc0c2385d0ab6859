import { describe, expect, test } from 'vitest';
// From dist: the page's bundle lies beside the built file.
import { renderHtml } from '../../../dist/report/html.js';
import { renderSummary } from '../../../src/report/json.js';
import { renderText } from '../../../src/report/text.js';
import * as cases from './cases.js';

/** Without the protected blanks between numbers and units. */
function page(run: Parameters<typeof renderHtml>[0]): string {
  return renderHtml(run).replaceAll('\u00a0', ' ');
}

function titlesOf(html: string): string[] {
  return [...html.matchAll(/<h2[^>]*>([\s\S]*?)<\/h2>/g)].map(([, title]) => title ?? '');
}

function sectionsOf(html: string): string[] {
  return [...html.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id ?? '');
}

describe('the page of a storm', () => {
  const html = page(cases.killed());

  test('answers in the order of questions: is it back, what did it cost, why did attempts fail, how sure is that', () => {
    expect(sectionsOf(html).slice(1, 6)).toEqual(['recovery', 'attempts', 'causes', 'storm', 'beside']);
  });

  test('sections state what was found', () => {
    const titles = titlesOf(html);
    expect(titles[0]).toMatch(
      /^After the kill half of 2,000 connections were back after \d\.\d s, 99 % after /,
    );
    expect(titles[1]).toMatch(
      /^It took [\d,]+ attempts, \d\.\d for each lost connection; the worst second saw [\d,]+: the whole herd/,
    );
    expect(titles[2]).toMatch(/ attempts failed \(\d+ %\), all because nothing listened on the port$/);
    expect(titles[3]).toMatch(/^The model had 99 % back after \d+\.\d s, \d+ % (more|less) than measured$/);
  });

  test('the numbers that decide lead: time, loss, attempts and peak, held against the limit', () => {
    const heroes = /<dl class="heroes">([\s\S]*?)<\/dl>/.exec(html)?.[1] ?? '';
    expect([...heroes.matchAll(/<dt>(.*?)<\/dt>/g)].map(([, label]) => label).slice(0, 4)).toEqual([
      '99 % back after',
      'Open again',
      'Attempts for each',
      'Worst second',
    ]);
    expect(heroes).toContain('✓ limit 20 s');
  });

  test('the model is called one wherever it is shown', () => {
    expect(html).toContain('The dashed line is a model, not a measurement.');
    expect(html).toContain('The model is a simulation of the same clients and policies, not a measurement; ');
    expect(html).toContain('an accept queue of 511');
    expect(page(cases.halfOpen())).not.toMatch(/The dashed line is a model/);
  });

  test('every number of the storm has its meaning beside it, and the error of the model in per cent', () => {
    const rows = [...html.matchAll(/<tr><th scope="row" class="name"><div>(.*?)<\/div><\/th>(.*?)<\/tr>/g)];
    const herd = rows.find(([, what]) => what === 'herd factor')?.[2] ?? '';
    expect(herd).toMatch(/[+-]?\d+(\.\d+)? %.*attempts in the worst second for each lost connection/);
  });

  test('the fault is marked on the timeline and named on its own charts', () => {
    expect(html).toContain('00:20 kill-target: 2000 connections</text>');
    expect(html).toMatch(/class="event t-doubt"[^>]*>kill<\/text>/);
    expect(html).not.toContain('target down</text>');
    expect(page(cases.notRecovered())).toMatch(/class="event t-bad"[^>]*>00:50 not recovered<\/text>/);
  });

  test('books show what was in flight, and the ledger of each process', () => {
    expect(html).toContain('agree on all 4 lines, but for 12 in flight when connections were cut off');
    expect(html).toMatch(
      /<th scope="col" class="number">1, killed<\/th><th scope="col" class="number">2<\/th>/,
    );
  });

  test('attempts are counted, not timed, in the table of all metrics', () => {
    expect(html).toMatch(/<div>recovery\.attempts<\/div>.*?<td class="number">4<\/td>/s);
  });
});

describe('what else a fault leaves', () => {
  test('connections that stayed are told before, during and after', () => {
    expect(titlesOf(page(cases.partial())).join('\n')).toMatch(
      /Connections that stayed were answered within \d\.\d ms before the disconnect, \d+ ms during it and \d\.\d ms after \(p99\)/,
    );
  });

  test('half-open connections are held against the heartbeat that finds them', () => {
    const html = page(cases.halfOpen());
    expect(titlesOf(html)).toContain(
      'Clients noticed half-open connections after 2.9 s at the latest, within the 3 s of a heartbeat and its timeout; the server after 19.8 s',
    );
    expect(html).toMatch(/The fault proxy&#39;s ledger.*held back by a blackhole.*?400/s);
  });

  test('clients that notice later than their heartbeat promises are called late', () => {
    const run = cases.halfOpen();
    const recoveries = run.recoveries.map((recovery) => ({
      ...recovery,
      noticed: { ...recovery.noticed, byClient: { count: 400, p50Ms: 2000, p99Ms: 4000, maxMs: 4200 } },
    }));
    expect(titlesOf(page({ ...run, recoveries })).join('\n')).toContain(
      'after 4.2 s at the latest, later than the 3 s of a heartbeat and its timeout',
    );
  });

  test('the rest of the server is told apart from a server that was down', () => {
    expect(titlesOf(page(cases.halfOpen())).join('\n')).toMatch(
      /The rest of the server still answered: plain HTTP within \d\.\d ms \(p99\) at worst, during recover/,
    );
    expect(titlesOf(page(cases.killed())).join('\n')).toMatch(
      /; 1,800 of 7,200 requests failed, all of them during fault/,
    );
  });

  test('populations with different policies are laid side by side', () => {
    const html = page(cases.mixedPolicies());
    expect(titlesOf(html).join('\n')).toMatch(
      /gateways \(fixed\) had 99 % back first, after .*; .* asked most of the server/,
    );
    expect(sectionsOf(page(cases.killed()))).not.toContain('policies');
  });

  test('several faults have a table of all and pictures of their own', () => {
    const html = page(cases.twoFaults());
    expect(titlesOf(html)[0]).toMatch(
      /^2 of 3 faults took connections down: the slowest to recover from was the kill/,
    );
    expect(sectionsOf(html)).toEqual(expect.arrayContaining(['faults', 'recovery', 'recovery-2']));
    expect(sectionsOf(html)).not.toContain('recovery-3');
  });

  test('a fault that took nothing down is said to have done so', () => {
    expect(titlesOf(page(cases.noneLost()))[0]).toBe('The added latency took no connection down');
  });

  test('a goal that was not reached is shown with the time that it was given', () => {
    const html = page(cases.notRecovered());
    expect(html).toMatch(/recover until 99% within 30s<\/code>.*?not reached/s);
    expect(html).not.toContain('no data');
  });
});

describe('the storm in text and JSON', () => {
  test('a terminal gets a short block', () => {
    const text = renderText(cases.halfOpen(), { color: false, columns: 100 });
    expect(text).toMatch(/blackhole at 00:20, 400 connections lost\n {2}back +50 % \d/);
    expect(text).toMatch(/ {2}noticed +clients after 2\.9 s, the server after 19\.8 s at the latest/);
    expect(renderText(cases.killed(), { color: false, columns: 100 })).toMatch(/ {2}by a model +50 % /);
  });

  test('scripts get every number of every fault, without the curves', () => {
    const summary = renderSummary(cases.mixedPolicies());
    expect(summary.recoveries).toHaveLength(1);
    expect(summary.recoveries[0]).toMatchObject({ fault: 'kill-target', dropped: 2000, recovered: 2000 });
    expect(Object.keys(summary.populations)).toEqual(['browsers', 'gateways', 'phones']);
    expect(summary.metrics).toHaveProperty(['reconnect.response']);
    expect(JSON.stringify(summary)).not.toMatch(/Bins/);
  });
});
