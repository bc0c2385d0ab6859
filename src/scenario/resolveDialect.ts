import { pathToFileURL } from 'node:url';
import { checkTemplates } from '../dialects/jsonRules.js';
import type { JsonMatcher, JsonTemplates } from '../dialects/jsonTemplates.js';
import { type DialectName, type DialectSpec, dialects } from '../dialects/list.js';
import { isServerName, servers } from '../servers/list.js';
import { type DialectDocument, type JsonDocument, MODULE, OFF } from './dialectSchema.js';
import { shown } from './problem.js';
import { suggestFrom } from './suggest.js';
import type { Surroundings } from './surroundings.js';
import type { TargetDocument } from './targetSchema.js';

/** What is spoken when the scenario does not say: the reference server's own dialect, else echo. */
export function defaultDialect(target: TargetDocument): DialectName {
  const { server } = target;
  return server !== undefined && isServerName(server) ? servers[server].dialect : 'echo';
}

/** The dialect, or null when something about it is wrong. A module is not loaded yet. */
export function resolveDialect(document: DialectDocument, around: Surroundings): DialectSpec | null {
  if (typeof document !== 'string') return resolveJson(document.json, around);
  if (MODULE.test(document)) return resolveModule(document, around);
  if (isDialectName(document)) return { kind: 'named', name: document };
  around.report(['dialect'], explainUnknown(document));
  return null;
}

/** What is wrong with a name that no dialect has. */
export function explainUnknown(name: string): string {
  const known = suggestFrom(name, Object.keys(dialects));
  return `no dialect is called ${shown(name)}${known}, and a module of your own is written as ./my-dialect.mjs`;
}

export function isDialectName(name: string): name is DialectName {
  return Object.hasOwn(dialects, name);
}

/** Code in a scenario runs only when the user has said so: scenarios are passed on. */
function resolveModule(written: string, around: Surroundings): DialectSpec | null {
  const file = around.fileOf(written);
  if (around.mayLoad(file)) return { kind: 'module', file, url: pathToFileURL(file).href };
  around.report(
    ['dialect'],
    `${shown(written)} is a program that the scenario wants to run on this machine: read it, then add --allow-code`,
  );
  return null;
}

function resolveJson(document: JsonDocument, around: Surroundings): DialectSpec | null {
  const templates = templatesOf(document);
  const problems = checkTemplates(templates);
  for (const { path, message } of problems) around.report(['dialect', 'json', ...path], message);
  return problems.length > 0 ? null : { kind: 'json', templates };
}

type Message = JsonDocument['publish'];
type Matcher = JsonDocument['expect']['pong'];

function templatesOf({
  join,
  leave,
  publish,
  heartbeat,
  acknowledge,
  room,
  expect,
}: JsonDocument): JsonTemplates {
  return {
    join: unlessOff(join),
    leave: unlessOff(leave),
    publish: textOf(publish),
    heartbeat: textOf(heartbeat),
    acknowledge: unlessOff(acknowledge),
    room,
    expect: {
      ready: matcherOf(expect.ready),
      joined: matcherOf(expect.joined),
      pong: matcherOf(expect.pong),
      acknowledged: matcherOf(expect.acknowledged),
      error: matcherOf(expect.error),
      message: matcherOf(expect.message),
      other: expect.other,
    },
  };
}

function unlessOff(message: Message): string | null {
  return message === OFF ? null : textOf(message);
}

/** JSON is YAML too: what was written without quotes around all of it has been read already. */
function textOf(message: Message): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}

function matcherOf(matcher: Matcher): JsonMatcher | null {
  return matcher === OFF ? null : matcher;
}
