import type { OpenRequest } from '../client/types.js';
import type { ConnectSpec, Template } from '../scenario/scenario.js';
import { fillTemplate } from '../scenario/template.js';

/**
 * Makes the request of each connection from the templates of its population. Where nothing differs from one
 * to the next, all share one object.
 * @param targetPath The path of the target's URL, which `connect.path` replaces.
 * @param sources Addresses to connect from, in turn; empty leaves it to the kernel.
 */
export function openRequests(
  connect: ConnectSpec,
  targetPath: string,
  sources: readonly string[],
): (identity: number) => OpenRequest {
  const path = connect.path ?? [targetPath];
  const headers = Object.entries(connect.headers);
  function make(identity: number): OpenRequest {
    const row = connect.rows?.[identity] ?? null;
    return {
      path: fillTemplate(path, identity, row),
      headers: Object.fromEntries(headers.map(([name, value]) => [name, fillTemplate(value, identity, row)])),
      subprotocols: connect.subprotocols.map((subprotocol) => fillTemplate(subprotocol, identity, row)),
      localAddress: sources[identity % sources.length] ?? null,
    };
  }

  const templates = [path, ...headers.map(([, value]) => value), ...connect.subprotocols];
  const allAlike = sources.length <= 1 && templates.every((template) => template.every(isText));
  if (!allAlike) return make;
  const shared = make(0);
  return () => shared;
}

function isText(part: Template[number]): part is string {
  return typeof part === 'string';
}
