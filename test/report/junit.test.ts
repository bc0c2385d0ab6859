import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitOfComparison } from '../../src/report/formats/junitComparison.js';
import { junitOfRun } from '../../src/report/formats/junitRun.js';
import { cases } from './cases.js';
import { comparisons, emptyComparison, hostileComparison, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';
import { HOSTILE } from './hostile.js';
import { generatorLimited, interrupted, targetDied, thresholdsFailed } from './trouble.js';

const schema = readFileSync(new URL('./schemas/junit.xsd', import.meta.url), 'utf8');

/** What is wrong with these documents, after the schema. */
async function problemsOf(documents: readonly string[]): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: documents, schema });
  return errors.map(({ rawMessage }) => rawMessage);
}

/** `<testcase name="...">` with what is in it. */
function testcase(xml: string, name: string): string {
  const escaped = name.replaceAll('<', '&lt;');
  const all = xml.match(/<testcase [^>]*?(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  return all.find((one) => one.includes(` name="${escaped}" `)) ?? '';
}

function suiteCounts(xml: string): Record<string, number> {
  const [suite = ''] = /<testsuite [^>]*>/.exec(xml) ?? [];
  const of = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1]);
  return { tests: of('tests'), failures: of('failures'), errors: of('errors'), skipped: of('skipped') };
}

describe('JUnit of a run', () => {
  test('is as the schema says, whatever became of it', async () => {
    expect(await problemsOf(Object.values(cases).map((run) => junitOfRun(run())))).toEqual([]);
  });

  test('has a test for each threshold, and one for whether the run is valid', () => {
    const xml = junitOfRun(goodRun());
    expect(suiteCounts(xml)).toEqual({ tests: 6, failures: 0, errors: 0, skipped: 0 });
    expect(xml).toContain('timestamp="2026-03-02T10:15:00" hostname="localhost"');
    expect(testcase(xml, 'validity')).toBe(
      '<testcase name="validity" classname="wsherd.quickstart" time="48.000"/>',
    );
    expect(testcase(xml, 'handshake.total p99 < 500ms')).toMatch(/ time="0\.000"\/>$/);
  });

  test('a threshold that failed is a failure that says what was seen', () => {
    const xml = junitOfRun(thresholdsFailed());
    const failed = thresholdsFailed().thresholds.filter(({ passed }) => !passed);
    expect(suiteCounts(xml)).toMatchObject({ failures: failed.length, errors: 0 });
    expect(testcase(xml, 'heartbeat.response p99 < 250ms during hold')).toContain(
      '<failure type="threshold" message="412 ms (limit 250 ms)">',
    );
  });

  test.each([
    ['generator-limited', generatorLimited, /Not valid: the generator, not the server, was the limit/],
    ['partial', targetDied, /The target exited|the target went down/],
    ['partial', interrupted, /Interrupted at /],
  ])('a run that is %s is an error, not only a failure', (type, run, says) => {
    const validity = testcase(junitOfRun(run()), 'validity');
    expect(validity).toContain(`<error type="${type}" message="`);
    expect(validity).toMatch(says);
  });
});

describe('JUnit of a comparison', () => {
  test('is as the schema says', async () => {
    expect(await problemsOf(Object.values(comparisons).map((make) => junitOfComparison(make())))).toEqual([]);
  });

  test('worse is a failure, inconclusive is skipped, a run without use is an error; what does not count is no test', () => {
    const xml = junitOfComparison(mixedComparison());
    expect(suiteCounts(xml)).toEqual({ tests: 6, failures: 1, errors: 1, skipped: 1 });
    expect(testcase(xml, 'heartbeat.response p50')).toMatch(
      /<failure type="worse" message="heartbeat\.response p50 went from 1\.\d+ ms to 2\.\d+ ms, 75 % more \(.*\)">/,
    );
    expect(testcase(xml, 'heartbeat.response p50')).toContain('\np-value: 0.0022, corrected 0.0087<');
    expect(testcase(xml, 'heartbeat.response p90')).toMatch(/<skipped message=".*: its interval holds both/);
    expect(testcase(xml, 'candidate run reports/ab/round-07-candidate/result.json')).toContain(
      '<error type="generator-limited" message="The generator was the limit."/>',
    );
    expect(testcase(xml, 'heartbeat.response p99')).toBe('');
  });

  test('one that ended early says so as an error', () => {
    const rounds = { planned: 10, done: 3, endedBecause: 'interrupted', overheadMs: 900 } as const;
    expect(testcase(junitOfComparison(mixedComparison({ rounds })), 'rounds')).toContain(
      '<error type="interrupted" message="The comparison was interrupted: 3 of 10 rounds were done."/>',
    );
  });

  test('time that was up is an error before the sixth round only', () => {
    const timed = (runs: number) => {
      const rounds = { planned: 10, done: runs, endedBecause: 'time-up', overheadMs: 900 } as const;
      const { baseline, candidate, ...record } = mixedComparison({ rounds });
      const sides = { baseline: { ...baseline, runs }, candidate: { ...candidate, runs } };
      return testcase(junitOfComparison({ ...record, ...sides }), 'rounds');
    };
    expect(timed(5)).toContain(
      '<error type="time-up" message="The time was up: 5 of 10 rounds were done."/>',
    );
    expect(timed(6)).not.toContain('<error');
  });

  test('a suite is never empty: nothing to compare is a test that was skipped', () => {
    expect(suiteCounts(junitOfComparison(emptyComparison()))).toEqual({
      ...{ tests: 1, failures: 0, errors: 0, skipped: 1 },
    });
  });
});

describe('XML', () => {
  test('no text from outside is markup or breaks the document', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary', minLength: 1 }), 150);
    const evil = [HOSTILE, ']]>', '<!--', '&amp;', '\u0000\u0008\ufffe\uffff\ud800', '"><error/>', '\t\n'];
    const documents = [...texts, ...evil].flatMap((text) => {
      const run = goodRun({ connections: 2, seconds: 3, heartbeatEverySeconds: 1 });
      const thresholds = [{ expression: `x${text}`, observed: null, unit: text, passed: false }];
      const scenario = { ...run.scenario, name: `x${text}` };
      return [junitOfRun({ ...run, scenario, thresholds }), junitOfComparison(hostileComparison(`x${text}`))];
    });
    expect(await problemsOf(documents)).toEqual([]);
    for (const xml of documents) expect(suiteCounts(xml).tests).toBe(xml.split('<testcase ').length - 1);
  });

  test('the schema would see it', async () => {
    const xml = junitOfRun(goodRun());
    expect(await problemsOf([xml.replace('name="validity" ', '')])).not.toEqual([]);
    expect(await problemsOf([xml.replace('</testsuite>', '<b/></testsuite>')])).not.toEqual([]);
  });
});
