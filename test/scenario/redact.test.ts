import { expect, test } from 'vitest';
import { parse, scenarioText } from './texts.js';

test('a credential written into the file is in no part of the scenario that is shown', () => {
  const text = scenarioText(
    '# was: Bearer tiger-4711 before',
    'connect:',
    '  path: /chat?room=1&access_token=lion-0815&user=${index}',
    '  headers:',
    '    Authorization: Bearer tiger-4711',
    '    cookie: "sid=panda-12\\u0033; lang=en"',
    '    X-Tenant: acme',
  );
  const scenario = parse(text);
  const shown = JSON.stringify([scenario.text, scenario.document]);
  for (const secret of ['tiger-4711', 'lion-0815', 'panda-123', 'panda-12\\\\u0033'])
    expect(shown).not.toContain(secret);
  expect(scenario.secrets).toEqual(expect.arrayContaining(['tiger-4711', 'lion-0815', 'panda-123']));
  expect(scenario.text).toContain('Authorization: "Bearer [redacted]"');
  expect(scenario.text).toContain('path: "/chat?room=1&access_token=[redacted]&user=${index}"');
  expect(scenario.text).toContain('X-Tenant: acme');
  expect(scenario.text).toContain('# was: Bearer [redacted] before');
  // What is sent is whole.
  expect(scenario.populations[0]?.connect.headers.Authorization).toEqual(['Bearer tiger-4711']);
});

test('values from the environment are secrets, and the text goes on showing where they come from', () => {
  const text = scenarioText(
    'connect: { path: "/?token=${env.TOKEN}", headers: { Authorization: "Bearer ${env.TOKEN}" } }',
  );
  const scenario = parse(text, { env: { TOKEN: 'tiger-4711' } });
  expect(scenario.secrets).toEqual(['tiger-4711']);
  expect(scenario.text).toBe(text);
  expect(scenario.document).toMatchObject({ connect: { headers: { Authorization: 'Bearer ${env.TOKEN}' } } });
  expect(scenario.populations[0]?.connect.path).toEqual(['/?token=tiger-4711']);
});

test('credentials of one population, of the url, of HTTP beside and of --set are hidden too', () => {
  const text = `version: 1
target: { url: "wss://example.com/?key=lion-0815" }
beside: { http: "/health?token=zebra-42" }
populations:
  a: { connections: 1, connect: { headers: { X-Api-Key: panda-123 } } }
`;
  const scenario = parse(text, { set: ['connect.headers.Proxy-Authorization=Basic tiger=='] });
  const shown = JSON.stringify([scenario.text, scenario.document]);
  const secrets = ['lion-0815', 'panda-123', 'tiger==', 'zebra-42'];
  for (const secret of secrets) expect(shown).not.toContain(secret);
  expect(new Set(scenario.secrets)).toEqual(new Set(secrets));
});

test('a credential behind an alias is hidden where it is written', () => {
  const text = `version: 1
target: { url: "ws://example.com/" }
populations:
  a: { connections: 1, connect: &auth { headers: { Authorization: tiger-4711 } } }
  b: { connections: 1, connect: *auth }
`;
  const scenario = parse(text);
  expect(JSON.stringify([scenario.text, scenario.document])).not.toContain('tiger-4711');
  expect(scenario.text).toContain('b: { connections: 1, connect: *auth }');
});

test('a value too short to be a credential is hidden at its place but not everywhere', () => {
  const scenario = parse(scenarioText('connect: { path: "/?key=1" }'));
  expect(scenario.secrets).toEqual([]);
  expect(scenario.text).toContain('key=[redacted]');
  expect(scenario.text).toContain('connections: 10');
});
