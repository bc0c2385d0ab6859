import { isServerName, servers } from '../servers/list.js';
import { type Path, shown } from './problem.js';
import type { TargetSpec } from './scenario.js';
import { resolveServerOptions } from './serverOptions.js';
import { suggestFrom } from './suggest.js';
import { keepSecret, type Surroundings } from './surroundings.js';
import type { TargetDocument } from './targetSchema.js';
import { fillTemplate, readTemplate, type Substitution } from './template.js';
import { baseValue } from './units.js';
import { checkPath, checkUrl } from './upgradeRules.js';

/** Reference servers that scenarios may name one day. */
const LATER_SERVERS = ['chat'];

/** The target, or null when something about it is wrong. */
export function resolveTarget(target: TargetDocument, around: Surroundings): TargetSpec | null {
  if (target.url !== undefined) return resolveUrl(target.url, target.pid ?? null, around);
  if (target.server !== undefined) return resolveServer(target.server, target.options, around);
  if (target.command !== undefined) return resolveCommand(target, target.command, around);
  return null;
}

function resolveUrl(written: string, pid: number | null, around: Surroundings): TargetSpec | null {
  const path = ['target', 'url'];
  const url = fillEnv(written, path, ['env'], around);
  if (url === null) return null;
  const problem = checkUrl(url);
  if (problem === null) return { kind: 'url', url, pid };
  around.report(path, problem);
  return null;
}

function resolveServer(
  name: string,
  options: TargetDocument['options'],
  around: Surroundings,
): TargetSpec | null {
  if (isServerName(name))
    return { kind: 'server', server: name, options: resolveServerOptions(options ?? {}) };
  const names = Object.keys(servers);
  const message = LATER_SERVERS.includes(name)
    ? `the reference server ${name} is not supported yet: there are ${names.join(', ')}`
    : `no reference server is called ${shown(name)}${suggestFrom(name, names)}`;
  around.report(['target', 'server'], message);
  return null;
}

function resolveCommand(
  target: TargetDocument,
  command: readonly string[],
  around: Surroundings,
): TargetSpec | null {
  const words = command.map((word, i) => fillEnv(word, ['target', 'command', i], ['env', 'port'], around));
  const path = fillEnv(target.path ?? '/', ['target', 'path'], ['env'], around);
  const pathProblem = path === null ? null : checkPath(path);
  if (pathProblem !== null) around.report(['target', 'path'], pathProblem);
  if (!command.some((word) => word.includes('${port}'))) {
    around.report(
      ['target', 'command'],
      'does not say where to listen: write "${port}" where the program takes its port',
    );
    return null;
  }
  const filled = words.filter((word) => word !== null);
  if (path === null || pathProblem !== null || filled.length < words.length) return null;
  return {
    kind: 'command',
    command: filled,
    scheme: target.scheme ?? 'ws',
    path,
    readyUs: baseValue('duration', target.ready ?? '30s'),
  };
}

/** Text with the environment filled in, or null when that failed. `${port}` stays as it is. */
function fillEnv(
  text: string,
  path: Path,
  allowed: readonly Substitution[],
  around: Surroundings,
): string | null {
  const read = readTemplate(text, { allowed, env: around.env, columns: null });
  for (const value of read.fromEnv) keepSecret(around, value);
  for (const problem of read.problems) around.report(path, problem);
  return read.problems.length > 0 ? null : fillTemplate(read.template, 0, null);
}

/** True when connections to the target use TLS. */
export function isSecure(target: TargetSpec): boolean {
  switch (target.kind) {
    case 'url':
      return target.url.toLowerCase().startsWith('wss:');
    case 'server':
      return target.options.tls === true;
    case 'command':
      return target.scheme === 'wss';
  }
}
