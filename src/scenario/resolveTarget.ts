import { isServerName, servers } from '../servers/list.js';
import type { MetricsDocument } from './metricsSchema.js';
import { shown } from './problem.js';
import type { BesideSpec, MetricsSpec, TargetSpec } from './scenario.js';
import { checkServerOptions, resolveServerOptions } from './serverOptions.js';
import { suggestFrom } from './suggest.js';
import { fillEnv, type Surroundings } from './surroundings.js';
import type { BesideDocument, TargetDocument } from './targetSchema.js';
import type { Substitution } from './template.js';
import { baseValue } from './units.js';
import { checkPageUrl, checkPath, checkUrl } from './upgradeRules.js';

/** The target, or null when something about it is wrong. */
export function resolveTarget(target: TargetDocument, around: Surroundings): TargetSpec | null {
  if (target.url !== undefined) return resolveUrl(target.url, target, around);
  if (target.server !== undefined) return resolveServer(target, target.server, around);
  if (target.command !== undefined) return resolveCommand(target, target.command, around);
  return null;
}

function resolveUrl(written: string, target: TargetDocument, around: Surroundings): TargetSpec | null {
  const path = ['target', 'url'];
  const url = fillEnv(written, path, ['env'], around);
  const metrics = resolveMetrics(target.metrics, ['env'], around);
  if (url === null || metrics === null) return null;
  const problem = checkUrl(url);
  if (problem === null) return { kind: 'url', url, pid: target.pid ?? null, ...metrics };
  around.report(path, problem);
  return null;
}

/** Null when something about it is wrong. */
function resolveMetrics(
  metrics: MetricsDocument | undefined,
  allowed: readonly Substitution[],
  around: Surroundings,
): { readonly metrics?: MetricsSpec } | null {
  if (metrics === undefined) return {};
  const path = ['target', 'metrics'];
  const url = fillEnv(metrics.url, path, allowed, around);
  if (url === null) return null;
  const problem = checkPageUrl(url.replaceAll('${port}', '1'));
  if (problem === null) return { metrics: { ...metrics, url } };
  around.report(path, problem);
  return null;
}

function resolveServer(
  { options = {}, instances = 1 }: TargetDocument,
  name: string,
  around: Surroundings,
): TargetSpec | null {
  if (!isServerName(name)) {
    const hint = suggestFrom(name, Object.keys(servers));
    around.report(['target', 'server'], `no reference server is called ${shown(name)}${hint}`);
    return null;
  }
  checkServerOptions(name, options, around.report);
  if (instances > 1 && options.port) {
    around.report(['target', 'options', 'port'], 'is for one instance: leave it out, each takes a free port');
  }
  return { kind: 'server', server: name, options: resolveServerOptions(options), instances };
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
  const metrics = resolveMetrics(target.metrics, ['env', 'port'], around);
  if (path === null || pathProblem !== null || metrics === null || filled.length < words.length) return null;
  return {
    kind: 'command',
    command: filled,
    scheme: target.scheme ?? 'ws',
    path,
    readyUs: baseValue('duration', target.ready ?? '30s'),
    instances: target.instances ?? 1,
    ...metrics,
  };
}

/** What several instances cannot do; `publishes` when a population does. */
export function checkInstances(
  { server, through, instances = 1 }: TargetDocument,
  publishes: boolean,
  report: Surroundings['report'],
): void {
  if (instances === 1) return;
  const place = ['target', 'instances'];
  if (through !== undefined) {
    report(place, 'do not go with through: proxy, which stands before one server: leave one of them out');
  }
  if (server !== undefined && publishes) {
    report(
      place,
      'are processes that know nothing of each other: who publishes would reach the members of one only. Write instances: 1',
    );
  }
}

/** HTTP beside the run, or null without it and when something about it is wrong. */
export function resolveBeside(beside: BesideDocument | undefined, around: Surroundings): BesideSpec | null {
  if (beside === undefined) return null;
  const place = ['beside', 'http'];
  const path = fillEnv(beside.http, place, ['env'], around);
  if (path === null) return null;
  const problem = checkPath(path);
  if (problem !== null) around.report(place, problem);
  return { path, connections: beside.connections };
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
