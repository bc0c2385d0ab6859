import { MAX_REASON_BYTES } from './afterOpen.js';
import type { Way } from './way.js';
import { ways } from './ways.js';

const DEFAULT_AFTER_MS = 50;
const MAX_AFTER_MS = 3_600_000;

/** How a client asked to be ended. */
interface Order {
  /** Without the query. */
  readonly path: string;
  readonly way: Way;
  readonly argument: string;
  /** Between the upgrade and the end. */
  readonly afterMs: number;
  readonly reason: string;
}

/** Reads `/<way>[/<argument>][?after=<ms>&reason=<text>]`; a text says what is wrong with it. */
export function readOrder(requestUrl: string): Order | string {
  if (!URL.canParse(requestUrl, 'ws://closer')) return 'this is not a path';
  const { pathname, searchParams } = new URL(requestUrl, 'ws://closer');
  const [, name = '', ...rest] = pathname.split('/');
  const argument = rest.join('/');
  const way = ways.get(name);
  if (way === undefined) return `there is no way /${name}; there are ${[...ways.keys()].join(', ')}`;
  const isTaken = way.takes === undefined ? argument === '' : way.takes(argument);
  if (!isTaken) return `/${name} does not take ${JSON.stringify(argument)}`;

  const afterMs = Number(searchParams.get('after') ?? DEFAULT_AFTER_MS);
  if (!(afterMs >= 0 && afterMs <= MAX_AFTER_MS)) return 'after must be milliseconds, at most an hour';
  const reason = searchParams.get('reason') ?? '';
  if (Buffer.byteLength(reason) > MAX_REASON_BYTES) return `reason has more than ${MAX_REASON_BYTES} bytes`;
  return { path: pathname, way, argument, afterMs, reason };
}
