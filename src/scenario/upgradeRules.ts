/** What may stand in an upgrade request. Each check returns what is wrong, or null. */

/** A token of RFC 9110, section 5.6.2: header names, and subprotocols by RFC 6455, section 4.1. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Written by the client itself: a second value would break the handshake. */
const RESERVED = ['host', 'upgrade', 'connection', 'content-length', 'transfer-encoding'];

export function checkHeaderName(name: string): string | null {
  if (!TOKEN.test(name)) return 'is not a header name: write letters, digits and hyphens, such as X-Tenant';
  const folded = name.toLowerCase();
  if (folded === 'sec-websocket-protocol')
    return 'is written by wsherd: list the subprotocols under subprotocols';
  if (folded === 'sec-websocket-extensions') return 'is written by wsherd: see compression';
  if (folded.startsWith('sec-websocket-') || RESERVED.includes(folded))
    return 'is written by wsherd: leave it out';
  return null;
}

export function checkHeaderValue(value: string): string | null {
  if (/[\r\n]/.test(value)) return 'has a line break in it: a header is one line';
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return 'has a control character in it: take it out';
  if (/[^\x00-\xff]/.test(value))
    return 'has a character beyond Latin-1 in it: encode it, for example in percent';
  if (value !== value.trim()) return 'begins or ends with a blank: take it out';
  return null;
}

export function checkSubprotocol(name: string): string | null {
  return TOKEN.test(name)
    ? null
    : "is not a subprotocol: it must be letters, digits and any of !#$%&'*+-.^_`|~";
}

/** A request target in origin form: RFC 9112, section 3.2.1. */
export function checkPath(path: string): string | null {
  if (!path.startsWith('/')) return 'must begin with a slash, such as /chat';
  if (path.includes('#'))
    return 'has a # in it: WebSocket addresses have no fragment, write %23 for the character';
  if (/[^\x21-\x7e]/.test(path))
    return 'has a blank or another character that must be percent-encoded, such as %20';
  return null;
}

/** An address by RFC 6455, section 3. The message repeats nothing of it: it may hold credentials. */
export function checkUrl(text: string): string | null {
  if (!/^wss?:\/\//i.test(text)) return 'must begin with ws:// or wss://, such as ws://127.0.0.1:8080/';
  if (!URL.canParse(text)) return 'is not an address: write one such as ws://127.0.0.1:8080/';
  if (/[^\x21-\x7e]/.test(text))
    return 'has a blank or another character that must be percent-encoded, such as %20';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return 'has credentials in it, which WebSocket addresses cannot: send them in a header, such as Authorization';
  }
  if (text.includes('#')) return 'has a fragment (#), which WebSocket addresses cannot: leave it out';
  if (url.port === '0') return 'has port 0: write the port that the server listens on';
  return null;
}

/** The address of a page that is read by plain HTTP. The message repeats nothing of it: it may hold credentials. */
export function checkPageUrl(text: string): string | null {
  if (!/^https?:\/\//i.test(text))
    return 'must begin with http:// or https://, such as http://127.0.0.1:9100/metrics';
  if (!URL.canParse(text)) return 'is not an address: write one such as http://127.0.0.1:9100/metrics';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return 'has credentials in it: metrics are read without any';
  return null;
}
