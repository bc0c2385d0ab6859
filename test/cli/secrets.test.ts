import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/cli.js';
import { chattyServer } from '../support/commands.js';
import { scenarioFile, scratchFile } from '../support/scratch.js';

/** Long enough to be cut off wherever texts have a limit. */
const token = `token-${'4d1f'.repeat(12)}`;
const password = 'correct-horse-battery';
const literal = 'written-into-the-file';
const secrets = [token, password, literal];
const env = { WSHERD_TEST_TOKEN: token, WSHERD_TEST_PASSWORD: password };

/** Its server says back what it is told: in close reasons, in status lines, in redirects. */
const telling = {
  target: { command: [...chattyServer, '--secret', '${env.WSHERD_TEST_PASSWORD}'] },
  connect: { headers: { Authorization: 'Bearer ${env.WSHERD_TEST_PASSWORD}', Cookie: `id=${literal}` } },
  populations: Object.fromEntries(
    ['close', 'refuse', 'move', 'echo'].map((way) => [
      way,
      { connections: 3, connect: { path: `/${way}?token=\${env.WSHERD_TEST_TOKEN}` } },
    ]),
  ),
  timeline: [{ ramp: {} }, { hold: '500ms' }, { drain: '1s' }],
  thresholds: ['connections.neverOpened == 6'],
};

/** So much of a secret is too much of it. */
function expectNoSecret(text: string, where: string): void {
  for (const secret of secrets)
    expect(text.includes(secret.slice(0, 10)), `${where} has a secret`).toBe(false);
}

// Side by side: most of a run is waiting.
test.concurrent('what comes from the environment or is a credential appears in no output, also when the server says it back', async () => {
  const file = scenarioFile(telling);
  const { code, stdout, stderr, folder, result } = await run(['run', file, '--allow-saturated'], { env });
  expect(code, stderr).toBe(0);
  expectNoSecret(stdout, 'stdout');
  expectNoSecret(stderr, 'stderr');
  const files = readdirSync(folder).filter((name) => name !== 'target.log');
  expect(files.sort()).toEqual(['intervals.ndjson', 'report.html', 'result.json', 'summary.json']);
  for (const name of files) expectNoSecret(readFileSync(join(folder, name), 'utf8'), name);

  // The server did hear them, and said them back.
  const log = readFileSync(join(folder, 'target.log'), 'utf8');
  expect(log).toContain(`upgrade /close?token=${token} Bearer ${password}`);
  const examples = [...result.closes, ...result.failures].map(({ example }) => example);
  expect(examples).toContain('/close?token=[redacted] Bearer [redacted]');
  expect(examples).toContain('HTTP/1.1 401 Unauthorized /refuse?token=[redacted] Bearer [redacted]');
  expect(examples).toContainEqual(expect.stringMatching(/Location: \/x+\/\/move\?token=\[redacted\]$/));
  expect(result.target.name).toMatch(/chattyServer\.mjs --port \d+ --secret \[redacted\]$/);
  expect(result.target.processes[0]?.command).toMatch(/--secret \[redacted\]$/);
});

test.concurrent('nor in what check shows, nor in what is said of a target that does not start', async () => {
  const checked = await run(['check', scenarioFile(telling)], { env });
  expect(checked.code, checked.stderr).toBe(0);
  expect(checked.stdout).toContain('--secret [redacted]');
  expectNoSecret(checked.stdout + checked.stderr, 'check');

  const say = [
    'sh',
    '-c',
    'echo "no port $1 for $2"; exit 1',
    'sh',
    '${port}',
    '${env.WSHERD_TEST_PASSWORD}',
  ];
  const failing = await run(['run', scenarioFile({ ...telling, target: { command: say } })], { env });
  expect(failing.code).toBe(3);
  expect(failing.stderr).toMatch(/no port \d+ for \[redacted\]/);
  expectNoSecret(failing.stderr, 'stderr');

  const url = 'ws://127.0.0.1:1/?token=${env.WSHERD_TEST_TOKEN}';
  const refused = await run(['run', scenarioFile({ ...telling, target: { url } })], { env });
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('ws://127.0.0.1:1/?token=[redacted] does not accept connections');
  expectNoSecret(refused.stderr, 'stderr');
});

test.concurrent('nor what a row gives to one connection, when the server says it back', async () => {
  const tokens = Array.from({ length: 4 }, (_, i) => `row-token-${i}-${'9e3c'.repeat(4)}`);
  const rows = scratchFile('tokens.csv', `token\n${tokens.join('\n')}\n`);
  const file = scenarioFile({
    target: { command: chattyServer },
    connect: { rows },
    populations: {
      close: { connections: 4, connect: { path: '/close?token=${row.token}' } },
      refuse: { connections: 4, connect: { path: '/refuse?token=${row.token}' } },
    },
    timeline: [{ ramp: {} }, { hold: '500ms' }, { drain: '1s' }],
    thresholds: ['connections.neverOpened == 4'],
  });
  const { stdout, stderr, folder, result } = await run(['run', file, '--allow-saturated']);
  const examples = [...result.closes, ...result.failures].map(({ example }) => example).join('\n');
  expect(examples).toContain('/close?token=[redacted]');
  expect(examples).toContain('/refuse?token=[redacted]');
  const files = ['intervals.ndjson', 'report.html', 'result.json', 'summary.json'];
  const texts = [stdout, stderr, ...files.map((name) => readFileSync(join(folder, name), 'utf8'))];
  for (const text of texts) expect(text).not.toMatch(/row-token-\d/);
});
