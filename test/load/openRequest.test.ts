import { expect, test } from 'vitest';
import { openRequests } from '../../src/load/openRequest.js';
import { connect } from '../plan/scenarios.js';

const endpoint = { address: '127.0.0.1', port: 8080, host: 'localhost:8080' };
const route = { endpoints: [endpoint], path: '/', sources: [], ports: null };

test('where nothing differs from one connection to the next, all share one request', () => {
  const requestOf = openRequests({ ...connect, headers: { 'X-A': ['1'] } }, { ...route, path: '/ws?a=1' });
  expect(requestOf(0)).toEqual({
    endpoint,
    path: '/ws?a=1',
    headers: { 'X-A': '1' },
    subprotocols: [],
    localAddress: null,
    localPort: null,
  });
  expect(requestOf(7)).toBe(requestOf(0));
});

test('each connection gets its own number and row, in path, headers and subprotocols', () => {
  const requestOf = openRequests(
    {
      ...connect,
      path: ['/room/', { index: true }, '?t=', { row: 'token' }],
      headers: { Authorization: ['Bearer ', { row: 'token' }] },
      subprotocols: [['v1'], ['user-', { index: true }]],
      rows: [{ token: 'a' }, { token: 'b' }],
    },
    { ...route, path: '/replaced' },
  );
  expect(requestOf(1)).toEqual({
    endpoint,
    path: '/room/1?t=b',
    headers: { Authorization: 'Bearer b' },
    subprotocols: ['v1', 'user-1'],
    localAddress: null,
    localPort: null,
  });
});

test('source addresses are taken in turn', () => {
  const requestOf = openRequests(connect, { ...route, sources: ['127.0.0.2', '127.0.0.3'] });
  expect([0, 1, 2].map((identity) => requestOf(identity).localAddress)).toEqual([
    '127.0.0.2',
    '127.0.0.3',
    '127.0.0.2',
  ]);
});

test('instances of the target are taken in turn, and all connections of one share a request', () => {
  const endpoints = [8080, 8081, 8082].map((port) => ({ ...endpoint, port }));
  const requestOf = openRequests(connect, { ...route, endpoints });
  expect([0, 1, 2, 3].map((identity) => requestOf(identity).endpoint.port)).toEqual([8080, 8081, 8082, 8080]);
  expect(requestOf(3)).toBe(requestOf(0));
});

test('every connection to an endpoint binds an address and port of its own, over all populations', () => {
  const endpoints = [8080, 8081].map((port) => ({ ...endpoint, port }));
  const sources = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
  const places = { ...route, endpoints, sources };
  const populations = [
    {
      connections: 7,
      requestOf: openRequests(connect, { ...places, ports: { first: 10_000, count: 3, firstPlace: 0 } }),
    },
    {
      connections: 8,
      requestOf: openRequests(connect, { ...places, ports: { first: 10_000, count: 3, firstPlace: 4 } }),
    },
  ];
  const ways = populations.flatMap(({ connections, requestOf }) =>
    Array.from({ length: connections }, (_, identity) => {
      const { endpoint: to, localAddress, localPort } = requestOf(identity);
      return `${localAddress}:${localPort} ${to.port}`;
    }),
  );
  expect(new Set(ways).size).toBe(15);
  expect(ways[0]).toBe('127.0.0.2:10000 8080');
  expect(ways[7]).toBe('127.0.0.3:10001 8080');
  expect(ways.every((way) => /^127\.0\.0\.[234]:1000[012] 808[01]$/.test(way))).toBe(true);
});
