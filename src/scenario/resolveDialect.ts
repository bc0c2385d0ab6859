import { type DialectName, dialects } from '../dialects/list.js';
import { isServerName, servers } from '../servers/list.js';
import { type Report, shown } from './problem.js';
import { suggestFrom } from './suggest.js';
import type { TargetDocument } from './targetSchema.js';

/** Dialects that scenarios may name one day. */
const LATER_DIALECTS = ['json', 'chat-c'];

/** What is spoken when the scenario does not say: the reference server's own dialect, else echo. */
export function defaultDialect(target: TargetDocument): DialectName {
  const { server } = target;
  return server !== undefined && isServerName(server) ? servers[server].dialect : 'echo';
}

/** The dialect of that name, or null when there is none. */
export function resolveDialect(name: string, report: Report): DialectName | null {
  if (isDialectName(name)) return name;
  const names = Object.keys(dialects);
  const message = LATER_DIALECTS.includes(name)
    ? `the dialect ${name} is not supported yet: there are ${names.join(', ')}`
    : `no dialect is called ${shown(name)}${suggestFrom(name, names)}`;
  report(['dialect'], message);
  return null;
}

function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(dialects, name);
}
