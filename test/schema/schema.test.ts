import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildResult } from '../../src/result/build.js';
import { comparisons } from '../report/comparisons/records.js';
import { factsOf, runs } from '../result/runs.js';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

describe('the schema of scenarios, which editors check with', () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('schema/scenario.schema.json')));

  test.each(readdirSync(new URL('../../scenarios', import.meta.url)))('accepts %s', (file) => {
    validate(parse(read(`scenarios/${file}`)));
    expect(validate.errors).toBeNull();
  });

  test('refuses a wrong key and a bare number', () => {
    const scenario = parse(read('scenarios/quickstart.yaml'));
    expect(validate({ ...scenario, tresholds: [] })).toBe(false);
    expect(validate({ ...scenario, timeline: [{ ramp: {} }, { hold: 15 }] })).toBe(false);
  });
});

test.each(Object.entries(comparisons))(
  'the record of a comparison (%s) is as its schema says',
  (_, record) => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(read('schema/comparison.schema.json')));
    validate(JSON.parse(JSON.stringify(record())));
    expect(validate.errors).toBeNull();
  },
);

test('any record is as its schema says', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(read('schema/result.schema.json')));
  fc.assert(
    fc.property(runs, (run) => {
      validate(JSON.parse(JSON.stringify(buildResult(factsOf(run)))));
      expect(validate.errors).toBeNull();
    }),
    { numRuns: 20 },
  );
});
