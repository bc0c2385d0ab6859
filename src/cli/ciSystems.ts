import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface CiSystem {
  readonly name: string;
  /** A file of the folder `templates`. */
  readonly template: string;
  /** Where the system looks for it. */
  readonly path: string;
  /** Where it goes when that is taken, and what is to be done then; null where every workflow has a file of its own. */
  readonly beside: { readonly path: string; readonly step: string } | null;
  /** Paths that are there where the system is in use. */
  readonly traces: readonly string[];
  /** In the URL of a git remote. */
  readonly remote: RegExp;
}

const GITLAB_PATH = '.gitlab-ci.yml';
const GITLAB_INCLUDED_PATH = '.gitlab/wsherd.gitlab-ci.yml';

/** Systems that a pipeline can be written for; to add one, write its template and its row. */
export const ciSystems: readonly CiSystem[] = [
  {
    name: 'github',
    template: 'github.yml',
    path: '.github/workflows/wsherd.yml',
    beside: null,
    traces: ['.github'],
    remote: /github/i,
  },
  {
    name: 'gitlab',
    template: 'gitlab.yml',
    path: GITLAB_PATH,
    beside: {
      path: GITLAB_INCLUDED_PATH,
      step: `There is a ${GITLAB_PATH} already. Add to it:\n\ninclude:\n  - local: ${GITLAB_INCLUDED_PATH}\n`,
    },
    traces: [GITLAB_PATH, '.gitlab'],
    remote: /gitlab/i,
  },
];

/** Those that the folder's git remotes speak of or, where they speak of none, its files. */
export function detectCi(): readonly CiSystem[] {
  const remotes = gitRemotes();
  const byRemote = ciSystems.filter(({ remote }) => remote.test(remotes));
  if (byRemote.length > 0) return byRemote;
  return ciSystems.filter(({ traces }) => traces.some((path) => existsSync(path)));
}

/** Empty where there is no git, or no repository. */
function gitRemotes(): string {
  try {
    return execFileSync('git', ['remote', '-v'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
