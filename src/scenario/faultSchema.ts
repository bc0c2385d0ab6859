import { z } from 'zod';
import { isCloseCode } from '../client/closeFrame.js';
import { commandLine, duration, keysOfKind, oneOf, onlyWhere, phaseName, quantity } from './fields.js';
import { shown } from './problem.js';
import { suggestFrom } from './suggest.js';

const name = phaseName.optional();
const down = duration('From its end until it is started again', '3s', { positive: false }).default('1s');
const lasting = duration('How long, while the timeline goes on', '10s');

function share(whose: string) {
  return quantity('percentage', `Share of ${whose}`, '30%', { most: '100%' }).default('100%');
}

const closeCode = z
  .int()
  .refine(isCloseCode, {
    error: 'may not stand in a close frame: write 1000 to 1003, 1007 to 1014 or 3000 to 4999',
  })
  .meta({ description: 'Code of the close frame, for server-close; default 1012', examples: [1012] });

const disconnect = keysOfKind('disconnect', {
  share: share('the open connections'),
  how: oneOf(
    ['server-close', 'reset', 'fin', 'client-close'],
    'A close frame of the server, a TCP reset or end without one, or every client leaves by itself',
  ).default('reset'),
  code: closeCode.optional(),
  name,
})
  .check(onlyWhere('code', 'how', 'server-close'))
  .overwrite((fault) => (fault.how === 'server-close' ? { ...fault, code: fault.code ?? 1012 } : fault))
  .describe('Ends connections while the server goes on');

/** A row per kind, with the keys that it has. */
const faults = [
  keysOfKind('kill-target', { down, name }).describe('SIGKILL, and after `down` the same program again'),
  keysOfKind('restart-target', {
    down,
    grace: duration('SIGKILL follows SIGTERM after this', '5s').default('5s'),
    name,
  }).describe('SIGTERM, so that the server can say goodbye, and after `down` the same program again'),
  disconnect,
  keysOfKind('refuse', { for: lasting, name }).describe('New connections are refused; by the proxy'),
  keysOfKind('reset', { for: lasting, share: share('the connections, old and new'), name }).describe(
    'Connections are reset; by the proxy',
  ),
  keysOfKind('blackhole', { for: lasting, share: share('the connections, old and new'), name }).describe(
    'Connections stay open, but no byte gets through: half-open connections; by the proxy',
  ),
  keysOfKind('latency', {
    for: lasting,
    share: share('the connections, old and new'),
    delay: duration('Added in each direction', '100ms'),
    jitter: duration('Up to this much more, at random', '50ms', { positive: false }).default('0s'),
    name,
  }).describe('Bytes arrive later; by the proxy'),
  keysOfKind('bandwidth', {
    for: lasting,
    share: share('the connections, old and new'),
    rate: quantity('size', 'Bytes per second, in each direction of each connection', '64KiB'),
    name,
  }).describe('Bytes arrive slowly; by the proxy'),
  keysOfKind('slow-accept', {
    for: lasting,
    rate: quantity('rate', 'Connections accepted per second or minute', '50/s', { most: '1000000/s' }),
    name,
  }).describe('New connections have to queue; by the proxy'),
  keysOfKind('command', {
    run: commandLine('A program of your own and its arguments; no shell', [
      'systemctl',
      'restart',
      'my-server',
    ]),
    timeout: duration('It is ended when it takes longer', '30s').default('30s'),
    name,
  }).describe('Runs a program, such as one that restarts the server behind a url'),
] as const;

const kinds = faults.map((fault) => fault.shape.kind.value);

function kindIn(fault: unknown): unknown {
  return typeof fault === 'object' && fault !== null && 'kind' in fault ? fault.kind : undefined;
}

/** What is done to the server or to the network: `kind` says which keys there are. */
export const faultSchema = z
  .discriminatedUnion('kind', faults, {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined;
      const kind = kindIn(issue.input);
      if (kind === undefined) return `is missing: write one of ${kinds.join(', ')}`;
      return typeof kind === 'string'
        ? `no fault is called ${shown(kind)}${suggestFrom(kind, kinds)}`
        : `must be one of ${kinds.join(', ')}, not ${shown(kind)}`;
    },
  })
  .meta({
    description: 'What is done to the server or to the network',
    examples: [{ kind: 'kill-target', down: '3s' }],
  });

export type FaultDocument = z.output<typeof faultSchema>;
