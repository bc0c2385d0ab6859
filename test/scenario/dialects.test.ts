import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { jsonProtocols } from '../../src/dialects/jsonProtocols.js';
import { parseScenario } from '../../src/scenario/read.js';
import { type Given, parse, problemsOf } from './texts.js';

/** A scenario that publishes in that dialect. */
function speaking(dialect: string): string {
  return [
    'version: 1',
    'target: { url: ws://127.0.0.1:8080/ }',
    'populations: { clients: { connections: 10, publish: { every: 1s } } }',
    `dialect: ${dialect}`,
  ].join('\n');
}

function dialectOf(dialect: string, given: Given = {}) {
  const scenario = parse(speaking(dialect), given);
  return scenario.populations[0]?.dialect;
}

/** What is wrong, without its place in the file. */
function mistakes(dialect: string, given: Given = {}): readonly string[] {
  return problemsOf(speaking(dialect), given).map((problem) =>
    problem.replace(/^my\.yaml:\S+ dialect\.?/, ''),
  );
}

/** What is wrong with templates. */
function refused(templates: string): readonly string[] {
  return mistakes(`{ json: { ${templates} } }`).map((problem) => problem.replace('json.', ''));
}

test('a dialect is called by its name, and a reference server has its own', () => {
  for (const name of ['echo', 'json', 'chat-b', 'chat-c', 'reliable'])
    expect(dialectOf(name)).toEqual({ kind: 'named', name });
  const text = speaking('chat-b')
    .replace('url: ws://127.0.0.1:8080/', 'server: reliable')
    .replace(/\n.*$/, '');
  expect(parse(text)).toMatchObject({
    populations: [{ dialect: { kind: 'named', name: 'reliable' } }],
    document: { dialect: 'reliable' },
  });
});

test('templates that are not written are those of the dialect json', () => {
  expect(dialectOf('{ json: {} }')).toEqual({ kind: 'json', templates: jsonProtocols.json });
  const publish = '{"text":"${payload}"}';
  expect(dialectOf(`{ json: { publish: '${publish}', expect: { pong: { is: pong } } } }`)).toEqual({
    kind: 'json',
    templates: {
      ...jsonProtocols.json,
      publish,
      expect: { ...jsonProtocols.json.expect, pong: { is: 'pong' } },
    },
  });
});

test('the document shows every template, in the words of the file', () => {
  const { document } = parse(speaking("{ json: { publish: { text: '${payload}' }, leave: off } }"));
  expect(document).toMatchObject({
    dialect: {
      json: {
        join: '{"type":"join","room":"${room}"}',
        leave: 'off',
        publish: { text: '${payload}' },
        acknowledge: 'off',
        room: 'room-${k}',
        expect: { ready: 'off', pong: { type: 'pong' }, other: [] },
      },
    },
  });
  expect(parse(speaking('json')).document).toMatchObject({ dialect: 'json' });
});

test('a message may be written as JSON text, and as a map or a list', () => {
  const publish = '{"type":"say","text":"${payload}"}';
  for (const written of [`'${publish}'`, publish, '{ type: say, text: "${payload}" }'])
    expect(dialectOf(`{ json: { publish: ${written} } }`)).toMatchObject({ templates: { publish } });
  expect(dialectOf('{ json: { publish: [say, "${payload}"] } }')).toMatchObject({
    templates: { publish: '["say","${payload}"]' },
  });
  const set = ['dialect.json.publish={"type":"say","text":"${payload}"}'];
  expect(dialectOf('{ json: {} }', { set })).toMatchObject({ templates: { publish } });
});

test('the example of the manual is sound', () => {
  const manual = readFileSync(new URL('../../docs/dialects.md', import.meta.url), 'utf8');
  const example = /```yaml\n(dialect:[^`]*)```/.exec(manual)?.[1] ?? '';
  const { populations } = parse(speaking('json').replace('dialect: json', example));
  expect(populations[0]?.dialect).toMatchObject({
    templates: {
      room: 'channel-${k}',
      expect: { joined: { event: 'subscribed' }, error: { type: 'error' } },
    },
  });
});

test('off stands for what a protocol has not', () => {
  const dialect = dialectOf('{ json: { join: off, leave: off, expect: { pong: off, error: off } } }');
  expect(dialect).toMatchObject({
    templates: { join: null, leave: null, expect: { pong: null, error: null } },
  });
});

test('a message that could not be sent is refused with how to write it', () => {
  const example = '{"type":"message","room":"${room}","text":"${payload}"}';
  const cases: [templates: string, problem: string][] = [
    [
      "publish: '{}'",
      `publish: has to hold \${payload} once, which is what members get: write for example ${example}`,
    ],
    ['join: \'{"a":${room}}\'', 'join: is not JSON when it is filled in: {"a":room-0}'],
    ["heartbeat: 'PING'", 'heartbeat: is not JSON when it is filled in: PING'],
    ['heartbeat: off', 'heartbeat: is not JSON when it is filled in: off'],
    ['join: \'{"a":"${rom}"}\'', 'join: ${rom} is not filled in here: there is ${room}'],
    [
      'publish: { a: "${payload}", b: "${env.TOKEN}" }',
      'publish: ${env.TOKEN} is not filled in here: there are ${payload}, ${room}, ${id}, ${sequence}',
    ],
    ['join: \'{"a":"${room"}\'', 'join: has a ${ that begins no placeholder: there is ${room}'],
    [
      "publish: '[${payload}]'",
      'publish: has ${payload} outside of quotes, and it is text: write "${payload}"',
    ],
    ['room: lobby', 'room: has to hold ${k} once, the number of the room: write for example room-${k}'],
    ['room: "room-${room}"', 'room: ${room} is not filled in here: there is ${k}'],
    ['publish: 7', 'publish: must be a message as JSON text, or as a map or a list'],
    ['room: 7', 'room: must be text: write it in quotes, write for example room-${k}'],
    ['publsh: {}', 'publsh: is not a known key, did you mean "publish"?'],
  ];
  for (const [templates, problem] of cases) expect(refused(templates), templates).toEqual([problem]);
});

test('so is a matcher that could not tell anything', () => {
  const cases: [expected: string, problem: string][] = [
    ['pong: {}', 'pong: would match everything: write a field and its value, such as { type: pong }'],
    ['pong: pong', 'pong: must be a map of keys, not "pong", write for example {"type":"pong"}'],
    ['pong: { type: [pong] }', 'pong.type: must be text, a number, true, false or null'],
    ['pong: { "a..b": 1 }', 'pong.a..b: has an empty part: write payload.room for a field in a field'],
    ['ready: { a: "${room}" }', 'ready.a: has a value that means nothing here: write it as the server does'],
    [
      'joined: { a: "in ${room}" }',
      'joined.a: has a value that means nothing here: write it as the server does, or ${room} and nothing else',
    ],
    ['error: { type: pong }', 'error: is the same as expect.pong: add a field that tells them apart'],
    [
      'other: [{ a: 1, b: 2 }, { b: 2, a: 1 }]',
      'other.1: is the same as expect.other.0: add a field that tells them apart',
    ],
    [
      'pong: { type: pong, n: "${sequence}" }',
      'pong: asks for ${sequence}, which heartbeat does not hold: put it there, or leave it out here',
    ],
    [
      'acknowledged: { id: "${id}" }',
      'acknowledged: asks for ${id}, which publish does not hold: put it there, or leave it out here',
    ],
    [
      'message: { type: message }',
      'message: does not say where the id is: write for example { type: message, id: "${id}" }',
    ],
    [
      'message: { id: "${id}" }',
      'message: is only asked for what to acknowledge: write acknowledge too, or leave it out',
    ],
    ['pang: {}', 'pang: is not a known key, did you mean "pong"?'],
  ];
  for (const [expected, problem] of cases)
    expect(refused(`expect: { ${expected} }`), expected).toContain(`expect.${problem}`);
  expect(refused('acknowledge: { got: "${id}" }')).toEqual([
    'acknowledge: holds ${id}, which publish does not: put it there, or say in expect.message where the server writes one',
  ]);
});

test('every mistake in a dialect comes at once, each with its place', () => {
  const text = speaking(`
  json:
    join: '{"room":"\${rom}"}'
    room: lobby
    expect: { pong: {} }`);
  expect(problemsOf(text)).toEqual([
    'my.yaml:6:11 dialect.json.join: ${rom} is not filled in here: there is ${room}',
    'my.yaml:7:11 dialect.json.room: has to hold ${k} once, the number of the room: write for example room-${k}',
    'my.yaml:8:21 dialect.json.expect.pong: would match everything: write a field and its value, such as { type: pong }',
  ]);
});

test('a dialect is a name, a module or templates', () => {
  expect(mistakes('7')).toEqual([
    ': must be the name of a dialect, a module such as ./my-dialect.mjs, or json: { ... }',
  ]);
  expect(mistakes('{ jsn: {} }')).toContain('jsn: is not a known key, did you mean "json"?');
  expect(mistakes('jsn')).toEqual([
    ': no dialect is called "jsn", did you mean "json"? There are echo, heartbeat, json, chat-b, chat-c, reliable, and a module of your own is written as ./my-dialect.mjs',
  ]);
});

test('a scenario may not bring code along unless it was allowed, all of it or this module', () => {
  const folder = resolve('some', 'folder');
  const file = join(folder, 'mine.mjs');
  const reading = { text: speaking('./mine.mjs'), file: 'my.yaml', folder, env: {} };
  expect(mistakes('./mine.mjs', { folder })).toEqual([
    ': "./mine.mjs" is a program that the scenario wants to run on this machine: read it, then add --allow-code',
  ]);
  expect(() => parseScenario({ ...reading, allowedCode: [join(folder, 'another.mjs')] })).toThrow(
    '--allow-code',
  );
  for (const allowedCode of ['all', [file]] as const) {
    const scenario = parseScenario({ ...reading, allowedCode });
    expect(scenario.populations[0]?.dialect).toEqual({ kind: 'module', file, url: pathToFileURL(file).href });
    expect(scenario.document).toMatchObject({ dialect: './mine.mjs' });
  }
});

test('a dialect that has no words for what a population does is refused', () => {
  const asking = (dialect: string, population: string) =>
    problemsOf(speaking(dialect).replace('publish: { every: 1s }', population)).map((text) =>
      text.replace(/^\S+ /, ''),
    );
  expect(asking('chat-b', 'echo: { every: 1s }')).toEqual([
    'populations.clients.echo: the dialect chat-b has no echo: write dialect: echo, for a server that sends back what it gets',
  ]);
  expect(asking('chat-b', 'publish: { every: 1s }, acknowledge: {}')[0]).toContain('has no acknowledgements');
  expect(asking('reliable', 'publish: { every: 1s }, acknowledge: {}')).toEqual([]);
  expect(asking('json', 'publish: { every: 1s, frames: binary }')[0]).toContain('the dialect json is text');
});
