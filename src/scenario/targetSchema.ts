import { z } from 'zod';
import { servers } from '../servers/list.js';
import { duration, exactlyOne, keys, oneOf, oneRequired, onlyWith } from './fields.js';
import { serverOptionsSchema } from './serverOptions.js';

const alternatives = ['url', 'server', 'command'] as const;

/** The server under test: exactly one of url, server, command. */
export const targetSchema = keys(
  {
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
    command: z
      .array(z.string().min(1), {
        error: (issue) =>
          issue.code === 'invalid_type' && issue.input !== undefined
            ? 'must be a list of the program and its arguments, such as [node, server.js, --port, "${port}"]'
            : undefined,
      })
      .min(1)
      .optional()
      .meta({
        description: 'A program to start, watch and end; ${port} is where it has to listen',
        examples: [['node', 'server.js', '--port', '${port}']],
      }),
    scheme: oneOf(['ws', 'wss'], 'What the command speaks; default ws').optional(),
    path: z
      .string()
      .optional()
      .meta({ description: 'Path to connect to; default /', examples: ['/ws'] }),
    ready: duration('The command has to accept connections by then; default 30s', '30s').optional(),
  },
  ['instances', 'metrics', 'through'],
)
  .check(
    exactlyOne(alternatives),
    onlyWith('pid', 'url'),
    onlyWith('options', 'server'),
    onlyWith('scheme', 'command'),
    onlyWith('path', 'command'),
    onlyWith('ready', 'command'),
  )
  .overwrite(({ scheme = 'ws', path = '/', ready = '30s', ...target }) =>
    target.command === undefined ? target : { ...target, scheme, path, ready },
  )
  .meta({
    description: 'The server under test: exactly one of url, server, command',
    examples: [{ server: 'heartbeat' }],
    ...oneRequired(alternatives),
  });

export type TargetDocument = z.output<typeof targetSchema>;
