import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureSystemPackages } from './support/systemPackages.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Before all tests: the programs that they use, and dist/, from which workers and processes are tested. */
export function setup(): void {
  ensureSystemPackages();
  const build = spawnSync('npm', ['run', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`npm run build failed:\n${build.stdout}${build.stderr}`);
}
