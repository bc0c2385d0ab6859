import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TargetError } from '../errors.js';
import type { TargetSpec } from '../scenario/scenario.js';
import { freePort, LOOPBACK, waitForAccept } from './accepting.js';
import type { GuardianMessage } from './guardian.js';
import type { RunningTarget, StartOptions } from './target.js';

const GUARDIAN = fileURLToPath(new URL('./guardian.js', import.meta.url));
const OUTPUT_SHOWN = 2000;

/** A server of the user's, started by its command line with `${port}` filled in, ready when it accepts. */
export async function startCommand(
  spec: Extract<TargetSpec, { kind: 'command' }>,
  options: StartOptions,
): Promise<RunningTarget> {
  const port = await freePort();
  const command = spec.command.map((part) => part.replaceAll('${port}', String(port)));
  const log = openSync(options.logFile, 'a');
  const guardian = fork(GUARDIAN, [JSON.stringify(command)], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
  });
  closeSync(log);

  let pid: number | null = null;
  let ended: string | null = null;
  let ready = false;
  let stopping = false;
  guardian.on('message', (message: GuardianMessage) => {
    if (message.kind === 'started') pid = message.pid;
    else {
      ended =
        message.kind === 'failed' ? `could not be started (${message.message})` : `ended ${message.how}`;
      if (ready && !stopping) options.onExit(message.kind === 'exited' ? message.how : message.message);
    }
  });

  async function stop(): Promise<void> {
    stopping = true;
    if (guardian.exitCode !== null || guardian.signalCode !== null) return;
    const exited = once(guardian, 'exit');
    if (guardian.connected) guardian.disconnect();
    await exited;
  }

  const failure = await waitForAccept(LOOPBACK, port, spec.readyUs, () => ended !== null);
  if (failure !== null || ended !== null) {
    await stop();
    const what = ended ?? `did not accept connections on port ${port} within ${spec.readyUs / 1e6} s`;
    throw new TargetError(
      `The target's command \`${command.join(' ')}\` ${what}.${lastOutput(options.logFile)}`,
    );
  }
  ready = true;
  return {
    kind: 'command',
    name: command.join(' '),
    url: new URL(`${spec.scheme}://${LOOPBACK}:${port}${spec.path}`),
    address: LOOPBACK,
    dnsUs: null,
    ca: null,
    local: true,
    pids: () => (pid === null || ended !== null ? [] : [pid]),
    counts: async () => null,
    stop,
  };
}

function lastOutput(logFile: string): string {
  const output = readFileSync(logFile, 'utf8').trim();
  return output === ''
    ? ' It printed nothing. Its port is given where the command says ${port}.'
    : ` Its last output, from ${logFile}:\n${output.slice(-OUTPUT_SHOWN)}`;
}
