import { fork } from 'node:child_process';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { CommandModule } from 'yargs';
import { ExitCode } from '../errors.js';
import { parseScenario } from '../scenario/read.js';
import type { ServerOptions } from '../scenario/scenario.js';
import { servers } from '../servers/list.js';
import type { ServerMessage } from '../servers/messages.js';
import { print } from './print.js';

interface ServeArguments {
  readonly server: string;
  readonly port: number;
  readonly host: string;
  readonly set: readonly string[];
}

const ENTRY = fileURLToPath(new URL('../servers/main.js', import.meta.url));

export const serveCommand: CommandModule<object, ServeArguments> = {
  command: 'serve <server>',
  describe: 'run a reference server until Ctrl-C',
  builder: (yargs) =>
    yargs
      .positional('server', {
        type: 'string',
        demandOption: true,
        describe: Object.entries(servers)
          .map(([name, { description }]) => `${name}: ${description}`)
          .join('; '),
      })
      .option('port', { type: 'number', default: 8080, describe: 'port to listen on; 0 takes a free one' })
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'address to listen on' })
      .option('set', {
        type: 'string',
        array: true,
        default: [],
        describe: "an option of the server, as in a scenario's target.options: heartbeat.every=5s, tls=true",
      }),
  handler: serve,
};

/** The server runs in a process of its own, as in a run, and ends with this one, however that ends. */
async function serve({ server, port, host, set }: ServeArguments): Promise<void> {
  const options = { ...checkedOptions(server, set), port, host };
  const child = fork(ENTRY, [server, JSON.stringify(options)], { execArgv: [] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
  child.on('message', (message: ServerMessage) => {
    // What went wrong the server has printed itself.
    if (message.kind === 'ready') print(describeAddress(host, message.port, message.scheme));
  });
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : ExitCode.internal;
}

function describeAddress(host: string, port: number, scheme: 'ws' | 'wss'): string {
  const address = `${isIPv6(host) ? `[${host}]` : host}:${port}/`;
  return `${scheme}://${address}  ${scheme.replace('ws', 'http')}://${address}stats`;
}

/** Options are read as those of a scenario that has nothing else. */
function checkedOptions(server: string, set: readonly string[]): ServerOptions {
  const { target } = parseScenario({
    text: JSON.stringify({ version: 1, target: { server }, populations: { nobody: { connections: 1 } } }),
    file: null,
    folder: '.',
    set: set.map((setting) => `target.options.${setting}`),
    env: process.env,
  });
  return target.kind === 'server' ? target.options : {};
}
