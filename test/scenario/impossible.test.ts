import { expect, test } from 'vitest';
import { problemsOf, scenarioText } from './texts.js';

/** Problems without their place in the file. */
function messages(text: string): readonly string[] {
  return problemsOf(text).map((problem) => problem.replace(/^\S+ /, ''));
}

function withTarget(target: string): readonly string[] {
  return messages(scenarioText().replace('url: ws://127.0.0.1:8080/', target));
}

test('addresses that a WebSocket cannot have are refused', () => {
  const mistakes = {
    'http://x/': 'target.url: must begin with ws:// or wss://, such as ws://127.0.0.1:8080/',
    'ws://user:pass@x/':
      'target.url: has credentials in it, which WebSocket addresses cannot: send them in a header, such as Authorization',
    'ws://x/#top': 'target.url: has a fragment (#), which WebSocket addresses cannot: leave it out',
    'ws://': 'target.url: is not an address: write one such as ws://127.0.0.1:8080/',
    'ws://x:99999/': 'target.url: is not an address: write one such as ws://127.0.0.1:8080/',
    'ws://x:0/': 'target.url: has port 0: write the port that the server listens on',
    'ws://x/a b': 'target.url: has a blank or another character that must be percent-encoded, such as %20',
  };
  for (const [url, problem] of Object.entries(mistakes))
    expect(withTarget(`url: "${url}"`), url).toEqual([problem]);
  for (const url of ['ws://[::1]:80/', 'wss://example.com', 'WS://x/?a=b']) {
    expect(withTarget(`url: "${url}"`), url).toEqual([]);
  }
});

test('a target is exactly one of url, server and command, each with its own keys', () => {
  expect(withTarget('url: ws://x/, server: echo')).toEqual([
    'target.server: has url and server: write only one of them',
  ]);
  expect(withTarget('server: echo, path: /x, pid: 1')).toEqual([
    'target.path: goes only with command: leave it out, or add command',
    'target.pid: goes only with url: leave it out, or add url',
  ]);
  expect(withTarget('command: [node, server.js]')).toEqual([
    'target.command: does not say where to listen: write "${port}" where the program takes its port',
  ]);
  expect(withTarget('command: node server.js')).toEqual([
    'target.command: must be a list of the program and its arguments, such as [node, server.js, --port, "${port}"]',
  ]);
});

test('headers that would break the upgrade request are refused', () => {
  const headers =
    '{ Host: x, Upgrade: x, Sec-WebSocket-Key: x, Sec-WebSocket-Protocol: x, "A B": x, C: "1\\r\\nD: 2", E: "\\0", F: ☃, g: 1, G: 2 }';
  expect(messages(scenarioText(`connect: { headers: ${headers} }`))).toEqual([
    'connect.headers.g: must be text: write it in quotes',
    'connect.headers.G: must be text: write it in quotes',
  ]);
  expect(
    messages(scenarioText(`connect: { headers: ${headers.replace('1, G: 2', '"1", G: "2"')} }`)),
  ).toEqual([
    'connect.headers.Host: is written by wsherd: leave it out',
    'connect.headers.Upgrade: is written by wsherd: leave it out',
    'connect.headers.Sec-WebSocket-Key: is written by wsherd: leave it out',
    'connect.headers.Sec-WebSocket-Protocol: is written by wsherd: list the subprotocols under subprotocols',
    'connect.headers.A B: is not a header name: write letters, digits and hyphens, such as X-Tenant',
    'connect.headers.C: has a line break in it: a header is one line',
    'connect.headers.E: has a control character in it: take it out',
    'connect.headers.F: has a character beyond Latin-1 in it: encode it, for example in percent',
    'connect.headers.G: is the same header as g: keep one of them',
  ]);
});

test('paths and subprotocols that cannot be sent are refused', () => {
  expect(messages(scenarioText('connect: { path: chat, subprotocols: [a b, x, x] }'))).toEqual([
    'connect.path: must begin with a slash, such as /chat',
    "connect.subprotocols.0: is not a subprotocol: it must be letters, digits and any of !#$%&'*+-.^_`|~",
    'connect.subprotocols.2: is there twice: RFC 6455 allows each subprotocol once',
  ]);
  expect(messages(scenarioText('connect: { path: "/a b" }'))).toEqual([
    'connect.path: has a blank or another character that must be percent-encoded, such as %20',
  ]);
  expect(problemsOf(scenarioText('connect: { path: "/${env.X}" }'), { env: { X: 'a\r\nEvil: 1' } })).toEqual([
    'my.yaml:4:18 connect.path: has a blank or another character that must be percent-encoded, such as %20',
  ]);
});

test('substitutions are filled in where the manual says so, and refused elsewhere', () => {
  const [problem, ...more] = messages(scenarioText('name: "${env.X}"'));
  expect(problem).toBe(
    'name: "${env.X}": nothing is filled in here, only in paths, headers, subprotocols, url, command, run and a JSON dialect',
  );
  expect(more).toEqual([]);
  expect(messages(scenarioText('connect: { path: "/${env.X}${port}" }'))).toEqual([
    'connect.path: ${env.X}: the environment has no X, set it before the run',
    'connect.path: ${port} is not filled in here: there are ${env.NAME}, ${index}, ${row.column}',
  ]);
});

test('messages that cannot be echoed are refused', () => {
  const echo = (settings: string) => messages(scenarioText().replace('every: 1s', settings));
  expect(echo('every: 1s, size: 7B')).toEqual(['populations.clients.echo.size: must be at least 8B']);
  expect(echo('every: 1s, size: 17MiB')).toEqual([
    'populations.clients.echo.size: is more than connect.maxMessage, so every answer would end its connection: raise maxMessage',
  ]);
  expect(echo('every: 1s, pace: answered')).toEqual([
    'populations.clients.echo.pace: has every and pace: write only one of them',
  ]);
  expect(echo('pace: answered, offset: aligned')).toEqual([
    'populations.clients.echo.offset: goes only with every: leave it out, or add every',
  ]);
  expect(echo('every: 1ms, timeout: 1h')).toEqual([
    'populations.clients.echo.timeout: is more than 10000 times as long as every: too many messages would be awaited at once, shorten it',
  ]);
});

test('the same threshold twice is refused', () => {
  expect(messages(scenarioText('thresholds: [closes.abnormal == 0, "closes.abnormal  ==  0"]'))).toEqual([
    'thresholds.1: says the same as thresholds.0: take one of them out',
  ]);
});

test('a name that could leave the reports folder is refused', () => {
  for (const name of ['../up', 'a/b', '.hidden', 'a\\\\b', 'a\\nb', '']) {
    expect(messages(scenarioText(`name: "${name}"`)), name).toHaveLength(1);
  }
});

test('source addresses and compression are checked', () => {
  expect(messages(scenarioText('connect: { sourceAddresses: [localhost], compression: maybe }'))).toEqual([
    'connect.sourceAddresses.0: must be an IP address, such as 127.0.0.2',
    'connect.compression: "maybe" is not known: there are off, on',
  ]);
  expect(messages(scenarioText('connect: { compression: { clientMaxWindowBits: 16 } }'))).toEqual([
    'connect.compression.clientMaxWindowBits: must be at most 15',
  ]);
});
