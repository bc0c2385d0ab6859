import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { nowUs } from '../../dist/clock.js';
import { doFault } from '../../dist/faults/list.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { endOf, openClient } from '../servers/running.js';
import { isListening } from '../support/processes.js';
import { addressOf, startForTest } from '../target/targets.js';
import { faulting, quietProxy } from './parts.js';

const echo: TargetSpec = { kind: 'server', server: 'echo', options: {}, instances: 1 };
const kill = { kind: 'kill-target', downUs: 800_000 } as const;
const restart = { kind: 'restart-target', downUs: 800_000, graceUs: 5_000_000 } as const;

describe('a fault that ends the target', () => {
  test('kill-target: gone without a word, down for its time, and up again on the same port', async () => {
    const { target, folder } = await startForTest(echo);
    const { port } = addressOf(target);
    const ended = endOf(await openClient(addressOf(target)));
    const { parts, story, over } = faulting(target, folder, quietProxy());

    await doFault('kill-target', kill, parts);
    // Just before it is started again: the phases of the two instances must not overlap.
    expect(nowUs()).toBeGreaterThan(parts.startUs + kill.downUs - 60_000);
    expect(await isListening(port)).toBe(false);
    expect((await ended).code).toBe(1006);
    expect(story).toEqual([
      'target down',
      'upstream down',
      expect.stringMatching(/^done: SIGKILL ended the target in \d\.\d\d s$/),
    ]);

    await over();
    expect(nowUs()).toBeGreaterThan(parts.startUs + kill.downUs);
    expect(story.slice(3)).toEqual([
      'upstream up',
      'target up',
      expect.stringMatching(
        /^done: the target accepts connections again \d+\.\d\d s after the fault began; it took \d+\.\d\d s to start$/,
      ),
    ]);
    await openClient(addressOf(target));
  });

  test('restart-target: the clients hear 1001', async () => {
    const { target, folder } = await startForTest(echo);
    const ended = endOf(await openClient(addressOf(target)));
    const { parts, story, over } = faulting(target, folder);
    await doFault('restart-target', restart, parts);
    expect((await ended).code).toBe(1001);
    await over();
    expect(story.at(-2)).toBe('target up');
    expect(await target.ledgers()).toMatchObject([
      { killed: false, counts: { closed: 1 } },
      { killed: false },
    ]);
  });

  test('restart-target: one that takes longer to end than it was to be down comes again when it has ended', async () => {
    const { target, folder } = await startForTest({
      kind: 'server',
      server: 'closer',
      options: {},
      instances: 1,
    });
    // The server waits two seconds for the answer to its close frame.
    await openClient(addressOf(target), '/silence?after=0');
    const { parts, story, over } = faulting(target, folder);
    await doFault('restart-target', { ...restart, downUs: 100_000 }, parts);
    expect(nowUs()).toBeGreaterThan(parts.startUs + 900_000);
    expect(target.processes()).toEqual([]);
    await over();
    expect(story.at(-2)).toBe('target up');
  });

  test('a run that ends meanwhile does not start the target again', async () => {
    const { target, folder } = await startForTest(echo);
    const { parts, story, over, leave } = faulting(target, folder);
    const fault = doFault('kill-target', { ...kill, downUs: 60_000_000 }, parts);
    await expect.poll(() => story.length).toBe(2);
    leave();
    await fault;
    await over();
    expect(target.processes()).toEqual([]);
    expect(story).toHaveLength(2);
  });

  test('a run that ends meanwhile does not wait for a target that takes its time to end', async () => {
    const { target, folder } = await startForTest({
      kind: 'server',
      server: 'closer',
      options: {},
      instances: 1,
    });
    await openClient(addressOf(target), '/silence?after=0');
    const { parts, story, leave } = faulting(target, folder);
    const fault = doFault('restart-target', restart, parts);
    await expect.poll(() => story).toEqual(['target down']);
    leave();
    await fault;
    expect(story).toEqual(['target down']);
  });

  test('a target whose port somebody else has taken stays down, and it is said', async () => {
    const { target, folder } = await startForTest(echo);
    const { parts, story, over } = faulting(target, folder, quietProxy());
    await doFault('kill-target', kill, parts);
    const squatter = createServer().listen(addressOf(target).port, '127.0.0.1');
    await once(squatter, 'listening');
    await over();
    squatter.close();
    expect(story.slice(3)).toEqual([
      expect.stringMatching(
        /^not mended: the target was not started again: .* port \d+ on 127\.0\.0\.1 is in use/,
      ),
    ]);
  });

  test('a target that wsherd has not started cannot be ended', async () => {
    const { target, folder } = await startForTest(echo);
    const { parts, story } = faulting({ ...target, lifecycle: null }, folder);
    await doFault('kill-target', kill, parts);
    await doFault('restart-target', restart, parts);
    expect(story).toHaveLength(2);
    for (const line of story) expect(line).toMatch(/^failed: .* use the fault command$/);
  });
});
