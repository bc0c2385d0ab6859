import type { IncomingMessage } from 'node:http';

/** What stands behind the `?` in the path of a request; empty without one. */
export function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const mark = url.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark));
}
