import { z } from 'zod';
import { servers } from '../servers/list.js';
import { commandLine, duration, exactlyOne, keys, oneOf, oneRequired, onlyWith } from './fields.js';
import { metricsSchema } from './metricsSchema.js';
import { serverOptionsSchema } from './serverOptions.js';

const alternatives = ['url', 'server', 'command'] as const;

/** The server under test: exactly one of url, server, command. */
export const targetSchema = keys({
  url: z
    .string()
    .optional()
    .meta({ description: 'A server that is already running', examples: ['ws://127.0.0.1:8080/ws'] }),
  pid: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Process of the url to watch', examples: [1234] }),
  server: z
    .string()
    .optional()
    .meta({
      description: 'A reference server, started in its own process for this run',
      examples: ['heartbeat'],
      enum: Object.keys(servers),
    }),
  options: serverOptionsSchema.optional(),
  command: commandLine('A program to start, watch and end; ${port} is where it has to listen', [
    'node',
    'server.js',
    '--port',
    '${port}',
  ]).optional(),
  scheme: oneOf(['ws', 'wss'], 'What the command speaks; default ws').optional(),
  path: z
    .string()
    .optional()
    .meta({ description: 'Path to connect to; default /', examples: ['/ws'] }),
  ready: duration('The command has to accept connections by then; default 30s', '30s').optional(),
  instances: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .meta({
      description:
        'Processes of the server or command, each on a port of its own, with connections spread evenly over them; default 1',
      examples: [2],
    }),
  metrics: metricsSchema.optional(),
  through: oneOf(
    ['proxy'],
    'Connections go through a fault proxy, which can disturb them as a network does; default: straight to the target',
  ).optional(),
})
  .check(
    exactlyOne(alternatives),
    onlyWith('pid', 'url'),
    onlyWith('options', 'server'),
    onlyWith('scheme', 'command'),
    onlyWith('path', 'command'),
    onlyWith('ready', 'command'),
    onlyWith('instances', 'server', 'command'),
    onlyWith('metrics', 'url', 'command'),
  )
  .overwrite(({ scheme = 'ws', path = '/', ready = '30s', ...target }) =>
    target.command === undefined ? target : { ...target, scheme, path, ready },
  )
  .meta({
    description: 'The server under test: exactly one of url, server, command',
    examples: [{ server: 'heartbeat' }],
    ...oneRequired(alternatives),
  });

/** Plain HTTP on the target's own host and port, all through the run. */
export const besideSchema = keys({
  http: z.string().meta({ description: 'Path to ask for', examples: ['/healthz'] }),
  connections: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .meta({ description: 'How many ask, each again when it has its answer: a closed loop', examples: [4] }),
}).meta({
  description: 'Plain HTTP requests to the target during the run: does the rest of the server still answer?',
  examples: [{ http: '/healthz' }],
});

export type TargetDocument = z.output<typeof targetSchema>;
export type BesideDocument = z.output<typeof besideSchema>;
