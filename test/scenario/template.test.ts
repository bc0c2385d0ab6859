import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillTemplate, readTemplate, type TemplateRules } from '../../src/scenario/template.js';

const rules: TemplateRules = {
  allowed: ['env', 'index', 'row'],
  env: { TOKEN: 'abc', EMPTY: '', BRACES: '${index}' },
  columns: ['user', 'first name'],
};

test('each connection gets its own text', () => {
  const { template, fromEnv, problems } = readTemplate(
    '/${row.first name}/${index}?t=${env.TOKEN}${env.EMPTY}',
    rules,
  );
  expect(problems).toEqual([]);
  expect(fromEnv).toEqual(['abc', '']);
  expect(fillTemplate(template, 7, { user: 'u', 'first name': 'Ann' })).toBe('/Ann/7?t=abc');
});

test('a value is filled in as it is, not read again for substitutions', () => {
  const { template } = readTemplate('${env.BRACES}', rules);
  expect(fillTemplate(template, 7, null)).toBe('${index}');
});

test('text without substitutions stays as it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('${')),
      (text) => {
        const { template, problems } = readTemplate(text, rules);
        expect(problems).toEqual([]);
        expect(fillTemplate(template, 0, null)).toBe(text);
      },
    ),
  );
});

test('everything else in ${} is a mistake that says what there is', () => {
  const mistakes = [
    ['${user}', '${user} is not a substitution: there are ${env.NAME}, ${index}, ${row.column}'],
    ['${}', '${} is not a substitution: there are ${env.NAME}, ${index}, ${row.column}'],
    [
      '${process.exit()}',
      '${process.exit()} is not a substitution: there are ${env.NAME}, ${index}, ${row.column}',
    ],
    ['${port}', '${port} is not filled in here: there are ${env.NAME}, ${index}, ${row.column}'],
    ['${env.NOPE}', '${env.NOPE}: the environment has no NOPE, set it before the run'],
    ['${env.toString}', '${env.toString}: the environment has no toString, set it before the run'],
    ['${row.nope}', '${row.nope}: there is no column nope, the columns are user, first name'],
    ['/${index', '${index has no closing brace'],
  ];
  for (const [text, problem] of mistakes) expect(readTemplate(text ?? '', rules).problems).toEqual([problem]);
});

test('without rows, a row cannot be filled in', () => {
  expect(readTemplate('${row.user}', { ...rules, columns: null }).problems).toEqual([
    '${row.user} needs rows: name a CSV file, such as rows: tokens.csv',
  ]);
});
