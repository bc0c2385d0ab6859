import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/cli.js';
import { scratchFolder } from '../support/scratch.js';

const template = (name: string): string =>
  readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8');

/** A folder to be called in, and what lies in it afterwards. */
function project(): {
  cwd: string;
  read: (path: string) => string;
  put: (path: string, text: string) => void;
} {
  const cwd = scratchFolder();
  return {
    cwd,
    read: (path) => readFileSync(join(cwd, path), 'utf8'),
    put: (path, text) => writeFileSync(join(cwd, path), text),
  };
}

test('init writes a scenario that is in order, and never over another one unless it is told to', async () => {
  const { cwd, read, put } = project();
  const first = await run(['init'], { cwd });
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^Wrote wsherd\.yaml\.\nPut the command that starts your server into it/);
  expect(read('wsherd.yaml')).toBe(template('wsherd.yaml'));

  const checked = await run(['check', 'wsherd.yaml'], { cwd });
  expect([checked.code, checked.stderr]).toEqual([0, '']);
  expect(checked.stdout).toContain('my-server');

  const again = await run(['init'], { cwd });
  expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/^wsherd\.yaml is there already/)]);

  put('wsherd.yaml', 'mine');
  const refused = await run(['init'], { cwd });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    'wsherd.yaml is there already; overwrite it with --force.\n',
  ]);
  expect(read('wsherd.yaml')).toBe('mine');

  expect((await run(['init', '--force'], { cwd })).code).toBe(0);
  expect(read('wsherd.yaml')).toBe(template('wsherd.yaml'));
});

test('init --ci github writes a workflow, and says what is left to do', async () => {
  const { cwd, read, put } = project();
  const { code, stdout } = await run(['init', '--ci', 'github'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Wrote \.github\/workflows\/wsherd\.yml\.\n/);
  expect(stdout).toContain('It runs wsherd.yaml, which is not here yet');
  expect(read('.github/workflows/wsherd.yml')).toBe(template('github.yml'));
  expect(existsSync(join(cwd, 'wsherd.yaml'))).toBe(false);

  put('.github/workflows/wsherd.yml', 'name: mine');
  const refused = await run(['init', '--ci=github'], { cwd });
  expect([refused.code, read('.github/workflows/wsherd.yml')]).toEqual([2, 'name: mine']);
});

test('init --ci gitlab leaves a pipeline alone that is there, and says how to include its own', async () => {
  const { cwd, read, put } = project();
  expect((await run(['init', '--ci', 'gitlab'], { cwd })).stdout).toMatch(/^Wrote \.gitlab-ci\.yml\.\n/);
  expect(read('.gitlab-ci.yml')).toBe(template('gitlab.yml'));
  expect((await run(['init', '--ci', 'gitlab'], { cwd })).stdout).toMatch(
    /^\.gitlab-ci\.yml is there already/,
  );
  expect(existsSync(join(cwd, '.gitlab'))).toBe(false);

  put('.gitlab-ci.yml', 'build: {}');
  const { code, stdout } = await run(['init', '--ci', 'gitlab', '--force'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Wrote \.gitlab\/wsherd\.gitlab-ci\.yml\.\n/);
  expect(stdout).toContain('\ninclude:\n  - local: .gitlab/wsherd.gitlab-ci.yml\n');
  expect(read('.gitlab/wsherd.gitlab-ci.yml')).toBe(template('gitlab.yml'));
  expect(read('.gitlab-ci.yml')).toBe('build: {}');
});

test('init --ci goes by the git remotes, then by what lies there, and asks when neither decides', async () => {
  const written = async (prepare: (cwd: string) => void) => {
    const cwd = scratchFolder();
    prepare(cwd);
    const { code, stdout, stderr } = await run(['init', '--ci'], { cwd });
    return code === 0 ? stdout.split('\n')[0] : `${code} ${stderr}`;
  };
  const clone = (cwd: string, ...remotes: readonly string[]) => {
    execFileSync('git', ['init', '-q'], { cwd });
    remotes.forEach((url, i) => {
      execFileSync('git', ['remote', 'add', `remote-${i}`, url], { cwd });
    });
  };
  const [byRemote, byFile, byFolder, byNothing, byBoth] = await Promise.all([
    written((cwd) => {
      clone(cwd, 'git@gitlab.example.org:team/server.git');
      mkdirSync(join(cwd, '.github'));
    }),
    written((cwd) => writeFileSync(join(cwd, '.gitlab-ci.yml'), 'build: {}')),
    written((cwd) => {
      clone(cwd, 'git@example.org:team/server.git');
      mkdirSync(join(cwd, '.github'));
    }),
    written(() => {}),
    written((cwd) => clone(cwd, 'https://github.com/team/server', 'https://gitlab.com/team/server')),
  ]);
  expect(byRemote).toBe('Wrote .gitlab-ci.yml.');
  expect(byFile).toBe('Wrote .gitlab/wsherd.gitlab-ci.yml.');
  expect(byFolder).toBe('Wrote .github/workflows/wsherd.yml.');
  expect(byNothing).toBe('2 --ci: Nothing here speaks of one; say --ci github or --ci gitlab.\n');
  expect(byBoth).toBe('2 --ci: This folder speaks of more than one; say --ci github or --ci gitlab.\n');
});

test('init --ci names the systems that there are', async () => {
  const { code, stdout, stderr } = await run(['init', '--ci', 'githb'], { cwd: scratchFolder() });
  expect([code, stdout, stderr]).toEqual([2, '', '--ci: "githb" is not known, did you mean "github"?\n']);
});

test('a folder that nothing can be written to is a mistake of the user', async () => {
  const { cwd, put } = project();
  put('.github', 'a file');
  const { code, stderr } = await run(['init', '--ci', 'github'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^\.github\/workflows\/wsherd\.yml cannot be written \((ENOTDIR|EEXIST)\)\.\n$/);
});
