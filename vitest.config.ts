import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Rooms whose tests compute: no socket, no process, no time but what they are given. */
const pure = [
  'compare',
  'delivery',
  'metrics',
  'patterns',
  'plan',
  'policies',
  'redact',
  'report',
  'result',
  'scenario',
  'schema',
  'share',
  'stats',
  'storm',
];

/** What starts programs that keep a core busy, and no time decides: beside those that compute. */
const busy = [
  'test/capacity/{decided,figures,kernelMemory,level,limits,search,sizing,text,words}.test.ts',
  'test/cli/{badInput,compare,init,pipelines,planText,presets,reporters,secrets,simulate}.test.ts',
  'test/report/browser.test.ts',
];

/** Rooms whose tests have real peers and mostly wait for them. */
const waiting = ['client', 'dialects', 'faults', 'load', 'proxy', 'servers', 'target'];

/** What waits as much in the other rooms. */
const calm = [
  'test/run/{beside,interrupt,knownLimits,targetDeath,workerDeath}.test.ts',
  'test/cli/{hostile,output,unwritable}.test.ts',
  'test/probe/probe.test.ts',
];

/** What in those rooms takes both cores or measures time all the same: wsherd as a whole, a stall. */
const greedy = [
  'test/dialects/commandLine.test.ts',
  'test/load/stall.test.ts',
  'test/servers/stall.test.ts',
  'test/target/command.test.ts',
  'test/target/url.test.ts',
];

/** All other rooms: real servers and real workers share two cores, so that files run one after another. */
const alone = readdirSync(new URL('test/', import.meta.url)).filter(
  (room) => !pure.includes(room) && !waiting.includes(room),
);

const filesOf = (rooms: readonly string[]): string[] => rooms.map((room) => `test/${room}/**/*.test.ts`);

/** Files share processes: to start one takes as long as most of them do. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000, isolate: false };

/** A virtual machine may stand still for seconds in the middle of anything: what has peers and clocks is asked a second time. */
const withPeers = { ...patient, retry: 1 };

export default defineConfig({
  test: {
    globalSetup: ['test/globalSetup.ts'],
    // One group after another.
    projects: [
      {
        test: {
          ...patient,
          name: 'pure',
          include: filesOf(pure),
          exclude: busy,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: { ...withPeers, name: 'busy', include: busy, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        test: {
          ...withPeers,
          name: 'waiting',
          include: [...filesOf(waiting), ...calm],
          exclude: greedy,
          // Each to itself and no more than three: they watch sockets of their own process, and what a loaded machine does to them.
          isolate: true,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...withPeers,
          name: 'alone',
          include: [...filesOf(alone), ...greedy],
          exclude: [...calm, ...busy],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
