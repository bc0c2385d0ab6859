import { describe, expect, test } from 'vitest';
import { doFault } from '../../dist/faults/list.js';
import type { DisconnectSpec } from '../../src/scenario/faultSpec.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { endOf, openClient } from '../servers/running.js';
import { addressOf, lifecycleOf, startForTest } from '../target/targets.js';
import { faulting, quietProxy } from './parts.js';

const echo: TargetSpec = { kind: 'server', server: 'echo', options: {}, instances: 1 };
const order: DisconnectSpec = { kind: 'disconnect', share: 0.5, how: 'server-close', code: 1012 };

describe('the fault disconnect', () => {
  test('by server-close ends the share by a close frame, through a proxy too', async () => {
    const { target, folder } = await startForTest(echo);
    const [stays, goes] = [await openClient(addressOf(target)), await openClient(addressOf(target))];
    const ended = endOf(goes);
    const { parts, story } = faulting(target, folder, quietProxy());
    await doFault('disconnect', order, parts);
    expect(await ended).toMatchObject({ code: 1012 });
    expect(stays.readyState).toBe(stays.OPEN);
    expect(story).toEqual([
      'done: the server ended 1 connections, 50 % of the open, by a close frame with 1012',
    ]);
  });

  test.each([
    ['reset', 'by RST'],
    ['fin', 'by FIN without a close frame'],
  ] as const)('by %s is done by the proxy where there is one, else by the server', async (how, words) => {
    const { target, folder } = await startForTest(echo);
    const ended = endOf(await openClient(addressOf(target)));
    const throughProxy = faulting(target, folder, quietProxy(7));
    await doFault('disconnect', { ...order, share: 1, how }, throughProxy.parts);
    expect(throughProxy.story).toEqual([
      `proxy ${how} 1`,
      `done: the proxy ended 7 connections, 100 % of the open, ${words}`,
    ]);

    const direct = faulting(target, folder);
    await doFault('disconnect', { ...order, share: 1, how }, direct.parts);
    expect((await ended).code).toBe(1006);
    expect(direct.story).toEqual([`done: the server ended 1 connections, 100 % of the open, ${words}`]);
  });

  test('by client-close is left to the clients', async () => {
    const { target, folder } = await startForTest(echo);
    const { parts, story } = faulting(target, folder);
    await doFault('disconnect', { ...order, share: 0.125, how: 'client-close' }, parts);
    expect(story).toEqual(['clients 0.125', 'done: 12.5 % of the clients close their connections']);
  });

  test('that nobody can carry out is said to be so', async () => {
    const { target, folder } = await startForTest(echo);
    const { parts, story } = faulting({ ...target, disconnect: null }, folder);
    for (const how of ['server-close', 'reset', 'fin'] as const) {
      await doFault('disconnect', { ...order, how }, parts);
    }
    expect(story).toEqual([
      'failed: neither the target nor a proxy can end connections by server-close',
      'failed: neither the target nor a proxy can end connections by reset',
      'failed: neither the target nor a proxy can end connections by fin',
    ]);
  });

  test('of a server that is down fails', async () => {
    const { target, folder } = await startForTest(echo);
    await lifecycleOf(target).end('SIGKILL', 0);
    const { parts, story } = faulting(target, folder);
    await doFault('disconnect', order, parts);
    expect(story).toEqual([expect.stringMatching(/^failed: the connections could not be ended: /)]);
  });
});
