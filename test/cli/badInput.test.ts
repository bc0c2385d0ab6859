import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliOptions, run } from '../support/cli.js';
import { scenarioFile, scratchFile, scratchFolder } from '../support/scratch.js';

const good = scenarioFile({ target: { server: 'echo' }, populations: { clients: { connections: 300 } } });

interface BadInput {
  readonly what: string;
  readonly args: readonly string[];
  readonly code: number;
  /** The whole of stderr, without the last line break. */
  readonly says: RegExp;
  readonly options?: CliOptions;
}

const scenarios: readonly BadInput[] = [
  {
    what: 'a file that does not exist',
    args: ['run', '/no/such/file.yaml'],
    code: 2,
    says: /^Cannot read the scenario: \/no\/such\/file\.yaml does not exist: check its name and folder$/,
  },
  {
    what: 'a folder in place of a file',
    args: ['run', '/tmp'],
    code: 2,
    says: /^Cannot read the scenario: \/tmp is a folder: name a file in it$/,
  },
  {
    // Not even root can read the memory of nothing.
    what: 'a file that cannot be read',
    args: ['run', '/proc/self/mem'],
    code: 2,
    says: /^Cannot read the scenario: \/proc\/self\/mem (cannot be read: EIO|may not be read).*$/,
  },
  {
    what: 'an empty file',
    args: ['run', scratchFile('empty.yaml', '')],
    code: 2,
    says: /^\S*empty\.yaml:1:1 the scenario is empty: it begins with version: 1$/,
  },
  {
    what: 'broken YAML',
    args: ['run', scratchFile('broken.yaml', 'version: 1\npopulations: [\n')],
    code: 2,
    says: /^\S*broken\.yaml:3:1 Flow sequence .*$/,
  },
  {
    what: 'unknown keys and units, all at once with what was meant',
    args: [
      'run',
      scratchFile(
        'keys.yaml',
        'version: 1\ntarget: { server: ech }\npopulations:\n  clients: { conections: 5, echo: { every: 100 } }\n',
      ),
    ],
    code: 2,
    says: /^\S*keys\.yaml:2:19 target\.server: .*did you mean "echo"\?.*\n\S*keys\.yaml:4:3 \S+: is missing.*\n\S*keys\.yaml:4:14 \S+conections: is not a known key, did you mean "connections"\?\n\S*keys\.yaml:4:44 \S+every: 100 has no unit: write 100s .*$/,
  },
  {
    what: 'control characters in the scenario',
    args: ['run', scratchFile('control.yaml', 'version: 1\ntarget: { server: "\\u001b[31mred" }\n')],
    code: 2,
    says: /^[^\u001b]*\\u001b\[31mred[^\u001b]*$/,
  },
  {
    what: 'a setting of something that is not there',
    args: ['run', good, '--set', 'populations.clients.conections=5'],
    code: 2,
    says: /^--set populations\.clients\.conections: is not a known key, did you mean "connections"\?$/,
  },
];

const usage: readonly BadInput[] = [
  { what: 'nothing to do', args: [], code: 2, says: /^Say what to do: wsherd run <scenario>.*\n.*--help.*$/ },
  { what: 'an unknown command', args: ['rnu'], code: 2, says: /^Did you mean run\?\n.*--help.*$/ },
  { what: 'an unknown option', args: ['run', good, '--frce'], code: 2, says: /^Unknown argument: frce\n/ },
  {
    what: 'an unknown reporter',
    args: ['run', good, '--reporter', 'html,pdf'],
    code: 2,
    says: /^--reporter: pdf is not a reporter; there are html, text, json, junit, .*, bencher\.$/,
  },
  {
    what: 'one option twice',
    args: ['run', good, '--workers', '1', '--workers', '2'],
    code: 2,
    says: /^--workers is there 2 times: give it once\.$/,
  },
  {
    what: 'no number of workers',
    args: ['run', good, '--workers', 'many'],
    code: 2,
    says: /^--workers takes a whole number from 1 to 256\.$/,
  },
  {
    what: 'a duration without unit',
    args: ['run', good, '--wait-for-target', '5'],
    code: 2,
    says: /^--wait-for-target: 5 has no unit: write 5s .*$/,
  },
  {
    what: 'options of an address with a file',
    args: ['run', good, '-c', '5', '-d', '3s'],
    code: 2,
    says: /^--connections, --duration go with run ws:\/\/host\/path; .*--set.*$/,
  },
  {
    what: 'an address of another protocol',
    args: ['run', 'http://127.0.0.1:8080/ws', '-c', '5'],
    code: 2,
    says: /^http:\/\/127\.0\.0\.1:8080\/ws is no WebSocket address: write ws:\/\/127\.0\.0\.1:8080\/ws$/,
  },
  {
    what: 'a server that there is not',
    args: ['serve', 'ehco'],
    code: 2,
    says: /^unknown server "ehco" \(there are echo, heartbeat, .*\)$/,
  },
  {
    what: 'an option that the server does not have',
    args: ['serve', 'echo', '--set', 'hartbeat.every=2s'],
    code: 2,
    says: /^--set target\.options\.hartbeat: is not a known key, did you mean "heartbeat"\?$/,
  },
  {
    what: 'a record that is none',
    args: ['report', good],
    code: 2,
    says: /^\S+ is not a record of wsherd, schema version 1\. Give another, or update wsherd if a later one made it\.$/,
  },
  {
    what: 'a record that is not there',
    args: ['report', '/no/such/run'],
    code: 2,
    says: /^\/no\/such\/run cannot be read as a record \(ENOENT\); give the result\.json of a run\.$/,
  },
];

const machine: readonly BadInput[] = [
  {
    what: 'more connections than descriptors',
    args: ['run', good],
    code: 3,
    says: /^300 connections need 350 file descriptors in the server's process; the limit is 200\. Raise it .*`ulimit -n 350`.*, write target.instances: 2, or ask for at most 150 connections\.$/,
    options: { before: 'ulimit -n 200' },
  },
  {
    what: 'more connections than descriptors, asked beforehand',
    args: ['check', good],
    code: 3,
    says: /^300 connections need 350 file descriptors .*$/,
    options: { before: 'ulimit -n 200' },
  },
  {
    what: 'an output folder that nobody can make',
    args: ['run', good],
    code: 2,
    says: /^The folder \/proc\/wsherd\/run cannot be written to \(ENOENT\); name another with --out\.$/,
    options: { folder: '/proc/wsherd/run' },
  },
  {
    what: 'a file in place of the output folder',
    args: ['run', good],
    code: 2,
    says: /^The folder \S+scenario\.yaml cannot be written to \(ENOTDIR\); name another with --out\.$/,
    options: { folder: good },
  },
];

async function expectRefusal({ args, code, says, options = {} }: BadInput): Promise<void> {
  const finished = await run(args, options);
  expect(finished.stderr.trimEnd()).toMatch(says);
  expect(finished.stderr).not.toMatch(/\n\s+at .*\d+:\d+/);
  expect(finished.code).toBe(code);
  if (args[0] !== 'check') expect(finished.stdout).toBe('');
}

describe.concurrent('what is wrong is said in a line, with the remedy', () => {
  describe('of the scenario', () => {
    test.each(scenarios)('$what', expectRefusal);
  });
  describe('of the command line', () => {
    test.each(usage)('$what', expectRefusal);
  });
  describe('of the machine', () => {
    test.each(machine)('$what', expectRefusal);
  });
});

describe('a port that is taken', () => {
  const taken = createServer();
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    if (typeof address === 'object' && address !== null) ({ port } = address);
  });
  afterAll(() => taken.close());

  test('is no port for a server', async () => {
    const says = new RegExp(
      `^port ${port} on 127\\.0\\.0\\.1 is in use: choose another, or 0 for a free one$`,
    );
    await expectRefusal({ what: '', args: ['serve', 'echo', '--port', `${port}`], code: 3, says });
  });

  test('ends a run before it began, and leaves its folder free for the next', async () => {
    const folder = join(scratchFolder(), 'run');
    const says = /^The reference server echo did not start: port \d+ .* is in use.*$/;
    for (const what of ['the first time', 'the second time']) {
      const args = ['run', good, '--set', `target.options.port=${port}`];
      await expectRefusal({ what, args, code: 3, says, options: { folder } });
    }
  });
});

test('a run that is there already is kept, unless --force is given', async () => {
  const folder = join(scratchFolder(), 'run');
  mkdirSync(folder);
  writeFileSync(join(folder, 'result.json'), '{}');
  const says = /^\S+ holds a run already; name another with --out, or overwrite it with --force\.$/;
  await expectRefusal({ what: '', args: ['run', good], code: 2, says, options: { folder } });

  const short = [
    '--set',
    'populations.clients.connections=3',
    '--set',
    'timeline=[{ramp: {}}, {hold: 200ms}]',
  ];
  const forced = await run(['run', good, '--force', ...short, '--allow-saturated'], { folder });
  expect(forced.code, forced.stderr).toBe(0);
  expect(forced.result.connections.opened).toBe(3);
});
