import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A package of the system that tests use for real, and the programs that it may come as. */
interface SystemPackage {
  readonly name: string;
  readonly programs: readonly string[];
  readonly neededFor: string;
}

const openssl: SystemPackage = {
  name: 'openssl',
  programs: ['openssl'],
  neededFor: 'the certificates of the TLS reference servers',
};

const chromium: SystemPackage = {
  name: 'chromium',
  programs: ['chromium', 'chromium-browser', 'google-chrome'],
  neededFor: 'looking at the report in a real browser',
};

const systemPackages: readonly SystemPackage[] = [openssl, chromium];

/** Path of the browser that shows reports. Throws an Error that says how to install one. */
export function chromiumPath(): string {
  const path = findProgram(chromium);
  if (path === null) throw new Error(remedy([chromium]));
  return path;
}

/**
 * Sees to it that every package is there: installs what is missing where that is allowed, as in a container on
 * Debian, and otherwise throws an Error with the command to type.
 */
export function ensureSystemPackages(): void {
  const missing = systemPackages.filter((wanted) => findProgram(wanted) === null);
  if (missing.length === 0) return;
  if (!mayInstall()) throw new Error(remedy(missing));
  const names = missing.map(({ name }) => name);
  process.stderr.write(`Installing ${names.join(', ')} ...\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...names], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stillMissing = missing.filter((wanted) => findProgram(wanted) === null);
  if (stillMissing.length > 0) throw new Error(remedy(stillMissing));
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && pathOf('apt-get') !== null;
}

function remedy(missing: readonly SystemPackage[]): string {
  const names = missing.map(({ name }) => name).join(' ');
  const reasons = missing.map(({ programs, neededFor }) => `${programs.join(' or ')} for ${neededFor}`);
  return (
    `The tests need ${reasons.join(', and ')}. On Debian or Ubuntu type:\n` +
    `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`
  );
}

function findProgram({ programs }: SystemPackage): string | null {
  for (const program of programs) {
    const path = pathOf(program);
    if (path !== null) return path;
  }
  return null;
}

function pathOf(program: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
