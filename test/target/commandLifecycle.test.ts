import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { TargetError } from '../../dist/errors.js';
import type { TargetSpec } from '../../src/scenario/scenario.js';
import { endOf, openClient, patiently } from '../servers/running.js';
import { chattyGrandchild, chattyServer } from '../support/commands.js';
import { isListening, processesWith } from '../support/processes.js';
import { scratchFolder } from '../support/scratch.js';
import { addressOf, lifecycleOf, startForTest } from './targets.js';

const spec = (command: readonly string[]): TargetSpec => ({
  kind: 'command',
  command,
  scheme: 'ws',
  path: '/echo',
  readyUs: 20_000_000,
  instances: 1,
});

/** A shell that is gone at once on SIGTERM, while its child still has something to say. */
const slowToSayGoodbye = [
  'sh',
  '-c',
  `"$0" -e 'process.on("SIGTERM", () => setTimeout(() => { console.log("goodbye"); process.exit() }, 400));
    require("net").createServer().listen(process.argv[1], "127.0.0.1")' "$1" & wait`,
  process.execPath,
  '${port}',
];

describe('a command', () => {
  test('that is killed is gone at once with its children, and comes again on the same port', async () => {
    const { target, exits } = await startForTest(spec(chattyGrandchild));
    const lifecycle = lifecycleOf(target);
    const address = addressOf(target);
    expect(lifecycle.startedInUs).toBeGreaterThan(1000);
    const client = await openClient(address, '/echo');
    const ended = endOf(client);
    const pid = target.processes()[0]?.pid;
    await lifecycle.end('SIGKILL', 0);
    expect((await ended).code).toBe(1006);
    expect(target.processes()).toEqual([]);
    expect(processesWith(`WSHERD_TEST_TARGETS=${process.env.WSHERD_TEST_TARGETS}`)).toEqual([]);
    expect(await isListening(address.port)).toBe(false);

    await lifecycle.startAgain();
    expect(target.processes()).toHaveLength(1);
    expect(target.processes()[0]?.pid).not.toBe(pid);
    await openClient(address, '/echo');
    expect(exits).toEqual([]);
  });

  test('that ignores SIGTERM has the time that it is given, and no more', async () => {
    const { target } = await startForTest(spec(chattyGrandchild));
    const before = performance.now();
    await lifecycleOf(target).end('SIGTERM', 700_000);
    const tookMs = performance.now() - before;
    expect(tookMs).toBeGreaterThan(690);
    expect(tookMs).toBeLessThan(8000);
    expect(processesWith(`WSHERD_TEST_TARGETS=${process.env.WSHERD_TEST_TARGETS}`)).toEqual([]);
  });

  test('whose children outlive it for a while lets them finish what SIGTERM made them do', async () => {
    const { target, folder } = await startForTest(spec(slowToSayGoodbye));
    const { port } = addressOf(target);
    await lifecycleOf(target).end('SIGTERM', 10_000_000);
    expect(readFileSync(join(folder, 'target.log'), 'utf8')).toBe('goodbye\n');
    expect(await isListening(port)).toBe(false);
  });

  test('that does not come up again says why, with its last words', async () => {
    const flag = join(scratchFolder(), 'started');
    const onceOnly = `test -e "$0" && { echo "no second time"; exit 3; }; touch "$0"; exec "$@"`;
    const { target, exits } = await startForTest(spec(['sh', '-c', onceOnly, flag, ...chattyServer]));
    await lifecycleOf(target).end('SIGKILL', 0);
    const again = lifecycleOf(target).startAgain();
    await expect(again).rejects.toThrow(TargetError);
    await expect(again).rejects.toThrow(
      /ended with code 3 before it accepted connections[\s\S]*no second time/,
    );
    expect(target.processes()).toEqual([]);
    expect(exits).toEqual([]);
  });

  test('that is stopped while it comes again ends all the same', async () => {
    const never = ['sh', '-c', `test -e "$0" && exec sleep 1000; touch "$0"; exec "$@"`];
    const { target } = await startForTest(
      spec([...never, join(scratchFolder(), 'started'), ...chattyServer]),
    );
    await lifecycleOf(target).end('SIGKILL', 0);
    const failed = expect(lifecycleOf(target).startAgain()).rejects.toThrow(TargetError);
    await sleep(300);
    await target.stop();
    await failed;
    await expect(lifecycleOf(target).startAgain()).rejects.toThrow(TargetError);
  });

  test('that crashes after it came again is told', async () => {
    const { target, exits } = await startForTest(spec(chattyServer));
    await lifecycleOf(target).end('SIGTERM', 5_000_000);
    await lifecycleOf(target).startAgain();
    expect(exits).toEqual([]);
    process.kill(target.processes()[0]!.pid, 'SIGKILL');
    await expect.poll(() => exits, patiently).toEqual(['by SIGKILL']);
  });

  test('has no ledger and cannot be told to end connections', async () => {
    const { target } = await startForTest(spec(chattyServer));
    expect(await target.ledgers()).toEqual([]);
    expect(target.disconnect).toBeNull();
  });
});
