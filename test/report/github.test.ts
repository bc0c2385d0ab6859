import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { annotationsOfComparison } from '../../src/report/formats/githubComparison.js';
import { annotationsOfRun } from '../../src/report/formats/githubRun.js';
import { workflowCommands } from '../../src/report/formats/workflowCommands.js';
import { verdict } from '../../src/report/verdict.js';
import { escapeTerminal } from '../../src/report/visible.js';
import { cases } from './cases.js';
import { comparisons, hostileComparison, mixedComparison } from './comparisons/formats.js';
import { goodRun } from './fixture.js';
import { HOSTILE, hostile } from './hostile.js';
import { generatorLimited, thresholdsFailed } from './trouble.js';

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** As GitHub's runner reads a line of a log (actions/runner, ActionCommand.TryParseV2); null when it takes it for text. */
function read(line: string): Command | null {
  const trimmed = line.trimStart();
  const end = trimmed.indexOf('::', 2);
  if (!trimmed.startsWith('::') || end < 0) return null;
  const info = trimmed.slice(2, end);
  const [name = ''] = info.split(' ');
  const properties = info
    .slice(name.length)
    .split(',')
    .map((pair) => pair.trim().split(/=(.*)/s))
    .map(([key = '', value = '']) => [key, decoded(value, ['%3A', ':', '%2C', ','])]);
  return { name, properties: Object.fromEntries(properties), data: decoded(trimmed.slice(end + 2), []) };
}

function decoded(text: string, more: readonly string[]): string {
  const pairs = ['%0D', '\r', '%0A', '\n', ...more, '%25', '%'];
  let result = text;
  for (let i = 0; i < pairs.length; i += 2) result = result.replaceAll(pairs[i] ?? '', pairs[i + 1] ?? '');
  return result;
}

const levelsOf = (lines: readonly string[]) => lines.map((line) => read(line)?.name);

describe('annotations of a run', () => {
  test('are an error for each threshold that failed, the warnings, and the verdict', () => {
    const run = thresholdsFailed();
    const commands = annotationsOfRun(run).map(read);
    const failed = run.thresholds.filter(({ passed }) => !passed);
    expect(commands.filter((command) => command?.name === 'error')).toHaveLength(failed.length);
    expect(commands).toContainEqual({
      name: 'error',
      properties: { title: `${run.scenario.name}: threshold failed` },
      data: 'heartbeat.response p99 < 250ms during hold: 412 ms (limit 250 ms)',
    });
    expect(commands.at(-1)).toMatchObject({ name: 'notice', data: verdict(run).sentence });
  });

  test('a run that passed has no error', () => {
    expect(levelsOf(annotationsOfRun(goodRun()))).toEqual(['warning', 'notice']);
  });

  test('a run that is not valid is an error with its reasons', () => {
    const [first = ''] = annotationsOfRun(generatorLimited());
    expect(read(first)).toMatchObject({
      name: 'error',
      data: expect.stringMatching(/^Not valid: the generator/),
    });
  });
});

describe('annotations of a comparison', () => {
  test('are an error for what is worse, warnings for what is open and for runs without use, and the verdict', () => {
    const commands = annotationsOfComparison(mixedComparison()).map(read);
    expect(commands.map((command) => [command?.name, command?.properties.title])).toEqual([
      ['error', 'quickstart: heartbeat.response p50 is worse'],
      ['warning', 'quickstart: heartbeat.response p90 is inconclusive'],
      ['warning', 'quickstart: a run of the candidate was not used'],
      ['notice', 'quickstart'],
    ]);
    expect(commands[0]?.data).toMatch(/^heartbeat\.response p50 went from 1\.\d+ ms to 2\.\d+ ms, 75 % more/);
  });

  test('rounds that were cut short are an error', () => {
    const rounds = { planned: 10, done: 3, endedBecause: 'target-failed', overheadMs: 900 } as const;
    const commands = annotationsOfComparison(mixedComparison({ rounds })).map(read);
    expect(commands[0]).toMatchObject({
      name: 'error',
      data: 'A target ended, or could not be started: 3 of 10 rounds were done.',
    });
  });
});

describe('no text from outside is a command, or ends one', () => {
  const lines = [
    ...Object.values(cases).flatMap((run) => annotationsOfRun(run())),
    ...Object.values(comparisons).flatMap((make) => annotationsOfComparison(make())),
    ...annotationsOfComparison(hostileComparison('x\n::error::y ##[error]z %0A::add-mask::q')),
  ];

  test('each annotation is one line, and one command', () => {
    for (const line of lines) {
      expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r\n]+::\S[^\r\n]*$/);
      expect(line).not.toContain('##[');
    }
  });

  test('the runner reads back what was to be said, whatever it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(HOSTILE, '::error::', '%0A::error::x', '%25', 'a,b=c:d', '##[error]'),
    );
    fc.assert(
      fc.property(text, text, (title, message) => {
        const [line = ''] = workflowCommands([
          { level: 'error', title: `t ${title}`, message: `m ${message}` },
        ]);
        expect(line).not.toMatch(/[\r\n]/);
        expect(line).not.toContain('##[');
        const command = read(line);
        expect(command?.name).toBe('error');
        const shown = (given: string) => escapeTerminal(given).replaceAll('##[', '#\\#[');
        expect(command?.data).toBe(shown(`m ${message}`));
        expect(command?.properties).toEqual({ title: shown(`t ${title}`).trim() });
      }),
    );
  });

  test('of a run that is hostile through and through nothing is lost but what is not shown', () => {
    expect(levelsOf(annotationsOfRun(hostile())).filter((level) => level === undefined)).toEqual([]);
  });
});

test('beyond what GitHub shows of a level, the rest is counted', () => {
  const many = Array.from(
    { length: 14 },
    (_, i) => ({ level: 'error', title: 't', message: `${i}` }) as const,
  );
  const lines = workflowCommands([...many, { level: 'notice', title: 't', message: 'n' }]);
  expect(lines).toHaveLength(11);
  expect(lines[9]).toBe('::error title=wsherd::And 5 more: see the report.');
});
