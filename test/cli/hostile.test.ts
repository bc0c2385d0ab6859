import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/cli.js';
import { scenarioFile } from '../support/scratch.js';

/** All that a terminal, a page or a CI log would act upon; line breaks of our own are none. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('a close reason of 123 bytes full of HTML and escapes is kept as it came and shown as text', async () => {
  const file = scenarioFile({
    target: { server: 'closer' },
    populations: { attacked: { connections: 3, connect: { path: '/hostile' } } },
    timeline: [{ ramp: {} }, { hold: '500ms' }, { drain: '1s' }],
  });
  const { code, result, folder, stdout, stderr } = await run(['run', file, '--allow-saturated']);
  expect(code, stderr).toBe(0);

  const reason = result.closes[0]?.example ?? '';
  expect(result.closes).toHaveLength(1);
  expect(result.closes[0]).toMatchObject({ initiator: 'server', code: 1008, cause: 'close-frame', count: 3 });
  expect(Buffer.byteLength(reason)).toBe(123);
  expect(reason).toMatch(/^<script>alert\(1\)<\/script>"'&\u001b\[31m\u0007\r\n::error::/);

  for (const text of [stdout, stderr]) expect(text).not.toMatch(CONTROL);
  expect(stdout).toContain(`<script>alert(1)</script>"'&\\x1b[31m\\x07\\x0d\\x0a::error::`);
  expect(stdout).not.toMatch(/^\s*::/m);

  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);

  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  expect(summary.closes[0].example).toBe(reason);
});
