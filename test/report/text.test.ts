import { describe, expect, test } from 'vitest';
import { sectionsOf } from '../../src/report/html/sections/list.js';
import { renderText } from '../../src/report/text.js';
import { escapeTerminal } from '../../src/report/visible.js';
import { cases } from './cases.js';
import { goodRun } from './fixture.js';
import { HOSTILE } from './hostile.js';
import { severalPopulations } from './populations.js';
import { targetDied, thresholdsFailed } from './trouble.js';

const PLAIN = { color: false, columns: 100 };
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

describe('the summary for a terminal', () => {
  test('begins with the verdict and holds the numbers that were asked for', () => {
    const text = renderText(goodRun(), PLAIN);
    expect(text).toMatch(/^Passed\. 1,000 connections held; /);
    expect(text).toContain('quickstart against heartbeat, 48 s');
    expect(text).toContain('5.7 KiB per connection (4.8 KiB to 6.6 KiB)');
    expect(text).toContain("the server's counts and ours agree on 4 lines");
    expect(text).toMatch(/ok +handshake\.total p99 < 500ms: 4\.3 ms/);
    expect(text).toMatch(/They shared its processors/);
  });

  test('a threshold that failed and a close that was not expected come first in their lists', () => {
    const text = renderText(thresholdsFailed(), PLAIN);
    expect(text).toMatch(/thresholds\n {2}FAILED heartbeat\.response .* 412 ms \(limit 250 ms\)/);
    expect(text).toMatch(
      /closes, 45 abnormal\n +30 {2}the server closed it \(1012 service restart\) during hold: "back soon"/,
    );
  });

  test('books that do not balance are shown side by side', () => {
    expect(renderText(severalPopulations(), PLAIN)).toContain(
      'messages to the server: the server counted 20,125, we 20,128',
    );
  });

  test('what the application refused is told apart from attempts that failed', () => {
    const refused = {
      phase: 'ramp',
      population: 'clients',
      stage: 'dialect',
      cause: 'join-refused',
      count: 3,
      example: 'the room is full',
    } as const;
    const text = renderText({ ...goodRun(), failures: [refused] }, PLAIN);
    expect(text).toMatch(/the application said no\n +3 {2}.*into its room during ramp: "the room is full"/);
    expect(text).not.toMatch(/^failed attempts/m);
    const titles = sectionsOf({ ...goodRun(), failures: [refused] }).map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/^The application said no 3 times, always: /));
  });

  test('a run that is not whole says so before its numbers', () => {
    const text = renderText(targetDied(), PLAIN);
    expect(text.indexOf('Partial: ')).toBeLessThan(text.indexOf('connections  '));
    expect(text).toContain('The target exited at 00:24 with signal SIGSEGV.');
  });

  test.each(Object.entries(cases))('%s fits a screen, and no line the width', (name, run) => {
    const lines = renderText(run(), PLAIN).split('\n');
    expect(lines.length).toBeLessThanOrEqual(name === 'hostile' ? 56 : 40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  test.each(Object.entries(cases))('%s holds no control characters', (_name, run) => {
    expect(renderText(run(), PLAIN)).not.toMatch(CONTROL);
  });

  test('no line begins with a command to a CI log, wherever it is broken', () => {
    const run = goodRun();
    for (let pad = 0; pad < 100; pad++) {
      const example = `${'x'.repeat(pad)} ::error::no ##[error]no`;
      const closes = run.closes.map((close) => ({ ...close, example }));
      expect(renderText({ ...run, closes }, PLAIN)).not.toMatch(/^\s*::|##\[/m);
    }
  });

  test('nor does any that begins with what came from outside', () => {
    const run = goodRun();
    const scenario = { ...run.scenario, name: '::stop-commands::x' };
    const text = renderText({ ...run, scenario }, PLAIN);
    expect(text).toContain('\n\\::stop-commands::x against heartbeat');
  });

  test('a narrow terminal gets narrow lines', () => {
    for (const line of renderText(thresholdsFailed(), { color: false, columns: 60 }).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(60);
    }
  });

  test('colour is added only when asked for, and changes no word', () => {
    const colored = renderText(goodRun(), { color: true, columns: 100 });
    expect(colored).toContain('\u001b[32mPassed.');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderText(goodRun(), PLAIN));
  });

  test('what the server sent is shown with its control characters made visible', () => {
    expect(escapeTerminal(HOSTILE)).toContain('\\x1b[31mred\\x1b[0m\\u2028\\u202eevil\\x0d\\x0anext');
    expect(escapeTerminal('a\ud800b\u0000')).toBe('a\\ud800b\\x00');
    expect(escapeTerminal('héllo 👋 日本')).toBe('héllo 👋 日本');
  });
});
