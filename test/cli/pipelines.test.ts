import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { run } from '../support/cli.js';
import { scratchFolder } from '../support/scratch.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { version }: { version: string } = JSON.parse(read('package.json'));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
interface Pipeline {
  readonly wsherd: {
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly artifacts: { readonly when: string };
  };
}

const workflow: Workflow = parse(read('templates/github.yml'));
const pipeline: Pipeline = parse(read('templates/gitlab.yml'));
const action: Action = parse(read('action.yml'));
const workflowSteps = Object.values(workflow.jobs).flatMap(({ steps }) => steps);

test.each(['github.yml', 'gitlab.yml'])('the manual shows %s as init writes it', (name) => {
  expect(read('docs/ci.md')).toContain(`\`\`\`yaml\n${read(`templates/${name}`)}\`\`\`\n`);
});

test('pipelines call the published wsherd, of this version', () => {
  for (const text of [read('templates/github.yml'), read('templates/gitlab.yml')]) {
    expect(text).toContain(`npx --yes wsherd@${version} ab `);
  }
  expect(action.inputs['wsherd-version']?.default).toBe(version);
});

test('the workflow is pinned, and keeps the report whatever comes of the comparison', () => {
  const used = workflowSteps.flatMap(({ uses }) => uses ?? []);
  expect(used.length).toBeGreaterThan(2);
  for (const name of used) expect(name).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
  expect(workflowSteps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.if).toBe('always()');
  expect(pipeline.wsherd.artifacts.when).toBe('always');
});

test('nothing that somebody else writes gets into the text of a script', () => {
  const scripts = [...workflowSteps, ...action.runs.steps].flatMap(({ run }) => run ?? []);
  expect(scripts.length).toBeGreaterThan(3);
  for (const script of scripts) expect(script).not.toContain('${{');
});

test('every script is one that a shell can read', () => {
  const { before_script: before, script } = pipeline.wsherd;
  const steps = [...workflowSteps, ...action.runs.steps].flatMap(({ run }) => run ?? []);
  for (const text of [...steps, ...before, ...script]) {
    expect(execFileSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toBe('');
  }
});

test('pipelines give ab options that it has', async () => {
  const { stdout } = await run(['ab', '--help']);
  const scripts = [...workflowSteps, ...action.runs.steps].flatMap(({ run: script }) => script ?? []);
  const calls = [...scripts, ...pipeline.wsherd.script].filter((script) => script.includes(' ab '));
  expect(calls).toHaveLength(3);
  for (const call of calls) {
    // What is in quotes is the server's.
    const given = call.replaceAll(/'[^']*'/g, '').match(/--[a-z]+(?=[ =)])/g) ?? [];
    expect(given).toContain('--baseline');
    for (const option of given) if (option !== '--yes') expect(stdout).toContain(`${option} `);
  }
});

/** Runs the action's script as GitHub does, with an npx that writes down how it was called. */
function runAction(inputs: Readonly<Record<string, string>>, verdict: string | null, code: number) {
  const temporary = scratchFolder();
  const bin = join(temporary, 'bin');
  mkdirSync(bin);
  const record = verdict === null ? '' : `printf '{"verdict":"${verdict}"}' > "$folder/comparison.json"`;
  writeFileSync(
    join(bin, 'npx'),
    `#!/usr/bin/env bash
printf '%s\\n' "$@" > "$RUNNER_TEMP/called"
for argument; do case $argument in --out=*) folder=\${argument#--out=};; esac; done
${record}
exit ${code}
`,
  );
  chmodSync(join(bin, 'npx'), 0o755);
  const step = action.runs.steps[0];
  const given = Object.entries(step?.env ?? {}).map(([name, expression]) => {
    const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1] ?? '';
    return [name, inputs[input] ?? action.inputs[input]?.default ?? ''] as const;
  });
  const file = (name: string) => join(temporary, name);
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    env: {
      ...Object.fromEntries(given),
      PATH: `${bin}:${process.env.PATH}`,
      RUNNER_TEMP: temporary,
      GITHUB_OUTPUT: file('output'),
    },
  });
  const outputs = Object.fromEntries(
    readFileSync(file('output'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  );
  const lines = readFileSync(file('called'), 'utf8').trim().split('\n');
  return { status, outputs, lines, temporary };
}

const INPUTS = {
  scenario: 'a folder/wsherd.yaml',
  baseline: 'cd old && exec node server.js --port ${port}',
  candidate: 'exec node server.js --port ${port}',
};

test('the action hands its inputs on as they are, and tells the verdict and where the report is', () => {
  const { status, outputs, lines } = runAction(INPUTS, 'same', 0);
  expect(status).toBe(0);
  expect(lines.slice(0, -2)).toEqual([
    '--yes',
    `wsherd@${version}`,
    'ab',
    INPUTS.scenario,
    `--baseline=${INPUTS.baseline}`,
    `--candidate=${INPUTS.candidate}`,
    '--rounds=10',
    '--within=15m',
    '--tolerance=3%',
    '--baselines=baselines',
  ]);
  expect(outputs).toEqual({
    verdict: 'same',
    folder: outputs.folder,
    report: `${outputs.folder}/report.html`,
  });
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
  // wsherd itself adds the summary to the job's page, and annotates it.
  expect(lines.at(-1)).toMatch(/^--reporter=.*markdown,github$/);
});

test('the action fails as wsherd does, with its outputs all the same', () => {
  const worse = runAction({ ...INPUTS, strict: 'true' }, 'worse', 98);
  expect([worse.status, worse.outputs.verdict]).toEqual([98, 'worse']);
  expect(worse.lines).toContain('--strict');
  const broken = runAction(INPUTS, null, 2);
  expect([broken.status, broken.outputs.verdict]).toEqual([2, '']);
});

test('an input of the action is never script', () => {
  const baseline = '"; touch "$RUNNER_TEMP/pwned"; echo $(touch "$RUNNER_TEMP/pwned") `touch pwned`';
  const { lines, temporary } = runAction({ ...INPUTS, baseline }, 'same', 0);
  expect(lines).toContain(`--baseline=${baseline}`);
  expect(existsSync(join(temporary, 'pwned'))).toBe(false);
});
