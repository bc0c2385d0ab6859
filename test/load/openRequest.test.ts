import { expect, test } from 'vitest';
import { openRequests } from '../../src/load/openRequest.js';
import { connect } from '../plan/scenarios.js';

test('where nothing differs from one connection to the next, all share one request', () => {
  const requestOf = openRequests({ ...connect, headers: { 'X-A': ['1'] } }, '/ws?a=1', []);
  expect(requestOf(0)).toEqual({
    path: '/ws?a=1',
    headers: { 'X-A': '1' },
    subprotocols: [],
    localAddress: null,
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
    '/replaced',
    [],
  );
  expect(requestOf(1)).toEqual({
    path: '/room/1?t=b',
    headers: { Authorization: 'Bearer b' },
    subprotocols: ['v1', 'user-1'],
    localAddress: null,
  });
});

test('source addresses are taken in turn', () => {
  const requestOf = openRequests(connect, '/', ['127.0.0.2', '127.0.0.3']);
  expect([0, 1, 2].map((identity) => requestOf(identity).localAddress)).toEqual([
    '127.0.0.2',
    '127.0.0.3',
    '127.0.0.2',
  ]);
});
