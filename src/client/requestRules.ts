import { UsageError } from '../errors.js';
import type { OpenRequest } from './types.js';

/** Made by the client itself, from the rest of the request. */
const OWN_HEADERS = /^(connection|upgrade|sec-websocket-(key|version|accept|extensions|protocol))$/i;
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9112 section 3.2: no blanks, no control characters, ASCII only, and no fragment. */
const REQUEST_TARGET = /^\/[\x21\x22\x24-\x7e]*$/;
/** What Node writes as Latin-1 without loss; CR, LF and NUL would end the header or begin another one. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws a `UsageError` for what must not go into the head of a request, such as a line break in a header. */
export function checkRequest(request: OpenRequest): void {
  if (!REQUEST_TARGET.test(request.path)) {
    throw new UsageError(
      `connect.path: ${JSON.stringify(request.path)} must start with "/" and be percent-encoded (no blanks, no #, ASCII only)`,
    );
  }
  for (const name in request.headers) checkHeader(name, request.headers[name] ?? '');
  checkSubprotocols(request.subprotocols);
}

function checkHeader(name: string, value: string): void {
  if (!TOKEN.test(name))
    throw new UsageError(`connect.headers: ${JSON.stringify(name)} is not a header name`);
  if (OWN_HEADERS.test(name)) {
    throw new UsageError(
      `connect.headers: ${name} is set by wsherd itself; use connect.subprotocols or connect.compression instead`,
    );
  }
  if (!HEADER_VALUE.test(value)) {
    throw new UsageError(
      `connect.headers.${name}: the value holds a line break or a character beyond Latin-1`,
    );
  }
}

function checkSubprotocols(subprotocols: readonly string[]): void {
  for (let i = 0; i < subprotocols.length; i++) {
    const name = subprotocols[i] ?? '';
    if (!TOKEN.test(name))
      throw new UsageError(`connect.subprotocols: ${JSON.stringify(name)} is not a token`);
    if (subprotocols.indexOf(name) !== i)
      throw new UsageError(`connect.subprotocols: ${name} is given twice`);
  }
}
