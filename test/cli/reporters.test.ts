import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseReporters } from '../../src/cli/options.js';
import { reporterNames } from '../../src/report/list.js';
import type { ComparisonRecord } from '../../src/result/comparison.js';
import type { RunResult } from '../../src/result/types.js';
import { hostileComparison, mixedComparison } from '../report/comparisons/formats.js';
import { goodRun } from '../report/fixture.js';
import { HOSTILE, hostile } from '../report/hostile.js';
import { type CliRun, run } from '../support/cli.js';
import { scenarioFile, scratchFolder } from '../support/scratch.js';

function folderWith(name: string, record: RunResult | ComparisonRecord): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, name), JSON.stringify(record));
  return folder;
}

const folderOfRun = (result: RunResult) => folderWith('result.json', result);
const folderOfComparison = (record: ComparisonRecord) => folderWith('comparison.json', record);

const ALL = reporterNames.join(',');
const github = { GITHUB_ACTIONS: 'true' };

/** Every command that GitHub's runner would find in these lines. */
function commandsIn(text: string): string[] {
  return text.split('\n').filter((line) => line.trimStart().startsWith('::') || line.includes('##['));
}

describe('the reports that are made when nobody says which', () => {
  test('are those for people, and on the runners of GitHub and GitLab those that these show', () => {
    expect(chooseReporters(undefined, {})).toEqual(['html', 'text', 'json']);
    expect(chooseReporters([], github)).toEqual(['html', 'text', 'json', 'markdown', 'github']);
    expect(chooseReporters(undefined, { GITLAB_CI: 'true' })).toEqual(['html', 'text', 'json', 'junit']);
    expect(chooseReporters(undefined, { GITHUB_ACTIONS: 'false', GITLAB_CI: '' })).toHaveLength(3);
  });

  test('what is said wins wholly, in its order, each once', () => {
    expect(chooseReporters(['json'], github)).toEqual(['json']);
    expect(chooseReporters(['csv,hgrm', 'html, csv'], github)).toEqual(['csv', 'hgrm', 'html']);
    expect(chooseReporters([ALL], {})).toEqual([...reporterNames]);
    expect(() => chooseReporters(['pdf'], {})).toThrow(/^--reporter: pdf is not a reporter/);
  });
});

describe('every format', () => {
  test('of a run is a file in its folder, or text on stdout', async () => {
    const folder = folderOfRun(goodRun());
    const { code, stdout, stderr } = await run(['report', folder, '--reporter', ALL]);
    expect(code, stderr).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([
      'bencher.json',
      'benchmark-bigger-is-better.json',
      'benchmark-smaller-is-better.json',
      'handshake.tcp.hgrm',
      'handshake.total.hgrm',
      'handshake.upgrade.hgrm',
      'heartbeat.response.hgrm',
      'heartbeat.sendLag.hgrm',
      'heartbeat.service.hgrm',
      'intervals.csv',
      'junit.xml',
      'report.html',
      'result.json',
      'summary.json',
      'summary.md',
    ]);
    expect(stdout).toMatch(/^Passed\. /);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^::notice title=quickstart::Passed\. /);
  });

  test('of a comparison likewise, from its record or the folder that holds it', async () => {
    const folder = folderOfComparison(mixedComparison());
    const made = await run(['report', folder, '--reporter', ALL]);
    expect(made.code, made.stderr).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([
      'bencher.json',
      'benchmark-smaller-is-better.json',
      'comparison.csv',
      'comparison.json',
      'heartbeat.response.baseline.hgrm',
      'heartbeat.response.candidate.hgrm',
      'junit.xml',
      'report.html',
      'summary.md',
    ]);
    expect(made.stdout).toMatch(/^Worse: /);
    expect(commandsIn(made.stdout)).toHaveLength(4);
    expect(made.stderr).toBe(`Report: ${join(folder, 'report.html')}\n`);
    const asJson = await run(['report', join(folder, 'comparison.json'), '--json', '--reporter', 'github']);
    expect(JSON.parse(asJson.stdout)).toEqual(mixedComparison());
  });

  test('of hostile records gives a log no command but ours', async () => {
    const told = await Promise.all([
      run(['report', folderOfRun(hostile()), '--reporter', ALL]),
      run([
        'report',
        folderOfComparison(hostileComparison(`::error::${HOSTILE} ##[error]x`)),
        '--reporter',
        ALL,
      ]),
    ]);
    for (const { code, stdout, stderr } of told) {
      expect(code, stderr).toBe(0);
      expect(commandsIn(stdout).every((line) => /^::(error|warning|notice) title=[^:,]+::/.test(line))).toBe(
        true,
      );
      expect(commandsIn(stderr)).toEqual([]);
    }
  });
});

describe('in a job of GitHub Actions', () => {
  const summaryFile = () => join(scratchFolder(), 'step-summary');
  const reported = (env: Record<string, string>, ...more: string[]): Promise<CliRun> =>
    run(['report', folderOfRun(goodRun()), ...more], { env: { ...github, ...env } });

  test('annotations come after all else, and the summary is added to that of the job', async () => {
    const path = summaryFile();
    writeFileSync(path, 'Of another step.\n');
    const { code, stdout } = await reported({ GITHUB_STEP_SUMMARY: path });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual(commandsIn(stdout));
    expect(readFileSync(path, 'utf8')).toMatch(/^Of another step\.\n\*\*Passed\. .*\*\*\n/);
  });

  test('with --json there is nothing but JSON on stdout', async () => {
    const path = summaryFile();
    const { stdout } = await reported({ GITHUB_STEP_SUMMARY: path }, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'passed' });
    expect(existsSync(path)).toBe(true);
  });

  test('reporters that were asked for are all there is', async () => {
    const path = summaryFile();
    const { stdout } = await reported({ GITHUB_STEP_SUMMARY: path }, '--reporter', 'text');
    expect(commandsIn(stdout)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  test('a summary of the job that cannot be written is a warning', async () => {
    const { code, stderr } = await reported({ GITHUB_STEP_SUMMARY: join(scratchFolder(), 'no', 'such') });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: the summary of the job could not be written \(ENOENT.*\)\.\nReport: /);
  });

  test('the runs of a matrix have their files, but neither annotations nor a place in the summary of the job', async () => {
    const path = summaryFile();
    const scenario = scenarioFile({
      ...{ name: 'two', target: { server: 'echo' }, matrix: { 'populations.clients.connections': [2, 3] } },
      populations: { clients: { connections: 1, echo: { every: '50ms' } } },
      timeline: [{ ramp: {} }, { hold: '300ms' }, { drain: '500ms' }],
    });
    const env = { ...github, GITHUB_STEP_SUMMARY: path };
    const { code, stdout, stderr, folder } = await run(['run', scenario, '--allow-saturated'], { env });
    expect(code, stderr).toBe(0);
    expect(commandsIn(stdout)).toEqual([]);
    expect(existsSync(path)).toBe(false);
    const own = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(own).toHaveLength(2);
    for (const { name } of own) expect(existsSync(join(folder, name, 'summary.md'))).toBe(true);
  });
});
