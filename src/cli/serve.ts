import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CommandModule } from 'yargs';
import { ExitCode } from '../errors.js';
import { parseScenario } from '../scenario/read.js';
import type { ServerOptions } from '../scenario/scenario.js';
import { servers } from '../servers/list.js';

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

/** The server runs in a process of its own, as in a run, and shares this one's terminal. */
async function serve({ server, port, host, set }: ServeArguments): Promise<void> {
  const options = { ...checkedOptions(server, set), port, host };
  const child = spawn(process.execPath, [ENTRY, server, JSON.stringify(options)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; this process waits for its end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  process.exitCode = typeof code === 'number' ? code : ExitCode.internal;
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
