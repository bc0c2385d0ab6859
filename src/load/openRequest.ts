import type { Endpoint, OpenRequest } from '../client/types.js';
import type { ConnectSpec, Template } from '../scenario/scenario.js';
import { fillTemplate } from '../scenario/template.js';

/** Where the connections of a population go, and from where. */
export interface Route {
  /** The instances of the target, to be taken in turn; at least one. */
  readonly endpoints: readonly Endpoint[];
  /** The path of the target's URL, which `connect.path` replaces. */
  readonly path: string;
  /** Addresses to connect from; empty leaves it to the kernel. */
  readonly sources: readonly string[];
  /** Null: addresses are taken in turn, with ports that the kernel chooses. */
  readonly ports: SourcePorts | null;
}

/** Each connection to an endpoint has a place, and with it a source address and port of its own. */
interface SourcePorts {
  readonly first: number;
  readonly count: number;
  /** Of the population's first connections to each endpoint. */
  readonly firstPlace: number;
}

/**
 * Makes the request of each connection from the templates of its population. Where nothing differs from one
 * to the next but the endpoint, all of an endpoint share one object.
 */
export function openRequests(connect: ConnectSpec, route: Route): (identity: number) => OpenRequest {
  const { endpoints, sources, ports } = route;
  const path = connect.path ?? [route.path];
  const headers = Object.entries(connect.headers);
  function source(identity: number): Pick<OpenRequest, 'localAddress' | 'localPort'> {
    if (ports === null) return { localAddress: sources[identity % sources.length] ?? null, localPort: null };
    const place = ports.firstPlace + Math.floor(identity / endpoints.length);
    return {
      localAddress: sources[Math.floor(place / ports.count)] ?? null,
      localPort: ports.first + (place % ports.count),
    };
  }
  function make(identity: number): OpenRequest {
    const row = connect.rows?.[identity] ?? null;
    return {
      endpoint: endpoints[identity % endpoints.length]!,
      path: fillTemplate(path, identity, row),
      headers: Object.fromEntries(headers.map(([name, value]) => [name, fillTemplate(value, identity, row)])),
      subprotocols: connect.subprotocols.map((subprotocol) => fillTemplate(subprotocol, identity, row)),
      ...source(identity),
    };
  }

  const templates = [path, ...headers.map(([, value]) => value), ...connect.subprotocols];
  const allAlike =
    sources.length <= 1 && ports === null && templates.every((template) => template.every(isText));
  if (!allAlike) return make;
  const shared = endpoints.map((_, instance) => make(instance));
  return (identity) => shared[identity % shared.length]!;
}

function isText(part: Template[number]): part is string {
  return typeof part === 'string';
}
