import type { CommandModule } from 'yargs';
import type { ServerOptions } from '../scenario/scenario.js';
import { addressesOf } from '../servers/addresses.js';
import { servers } from '../servers/list.js';
import { startServer } from '../servers/start.js';
import { stopOnSignals } from '../servers/stopOnSignals.js';
import { print } from './print.js';

interface ServeArguments {
  readonly server: string;
  readonly port: number;
  readonly host: string;
  readonly set: readonly string[];
}

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

/** In this very process: flags of Node that are given to wsherd are those of the server. */
async function serve({ server, port, host, set }: ServeArguments): Promise<void> {
  const options = set.length === 0 ? {} : await readOptions(server, set);
  const running = await startServer(server, { ...options, port, host });
  stopOnSignals(running);
  print(addressesOf(running));
}

/** Options are read as those of a scenario that has nothing else; loaded where there are some, since scenarios take a moment to load. */
async function readOptions(server: string, set: readonly string[]): Promise<ServerOptions> {
  const { parseScenario } = await import('../scenario/read.js');
  const { target } = parseScenario({
    text: JSON.stringify({ version: 1, target: { server }, populations: { nobody: { connections: 1 } } }),
    file: null,
    folder: '.',
    set: set.map((setting) => `target.options.${setting}`),
    env: process.env,
  });
  return target.kind === 'server' ? target.options : {};
}
