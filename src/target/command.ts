import { readFileSync } from 'node:fs';
import { TargetError } from '../errors.js';
import type { TargetSpec } from '../scenario/scenario.js';
import { freePort, LOOPBACK, waitForAccept } from './accepting.js';
import { type GuardedEnd, startGuarded } from './guarded.js';
import type { RunningTarget, StartOptions } from './target.js';

const OUTPUT_SHOWN = 2000;

/** A server of the user's, started by its command line with `${port}` filled in, ready when it accepts. */
export async function startCommand(
  spec: Extract<TargetSpec, { kind: 'command' }>,
  { logFile, onExit, interrupt }: StartOptions,
): Promise<RunningTarget> {
  const port = await freePort();
  const command = spec.command.map((part) => part.replaceAll('${port}', String(port)));
  let ready = false;
  const guarded = startGuarded(command, logFile, (end) => {
    if (ready) onExit(end.how);
  });

  const failure = await waitForAccept(LOOPBACK, port, spec.readyUs, () => {
    return guarded.end() !== null || interrupt?.aborted === true;
  });
  const end = guarded.end();
  if (failure !== null || end !== null) {
    await guarded.stop();
    const what =
      end === null
        ? `did not accept connections on port ${port} within ${spec.readyUs / 1e6} s`
        : endedEarly(end);
    throw new TargetError(`The target's command \`${command.join(' ')}\` ${what}.${lastOutput(logFile)}`);
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
    pids() {
      const pid = guarded.pid();
      return pid === null ? [] : [pid];
    },
    counts: async () => null,
    stop: guarded.stop,
  };
}

function endedEarly({ kind, how }: GuardedEnd): string {
  return kind === 'failed' ? `could not be started (${how})` : `ended ${how} before it accepted connections`;
}

/** Each line with a mark before it: what a server prints is no command to the log of a CI run. */
function lastOutput(logFile: string): string {
  const output = readFileSync(logFile, 'utf8').trim().slice(-OUTPUT_SHOWN).replaceAll(/\r\n?/g, '\n');
  return output === ''
    ? ' It printed nothing. Its port is given where the command says ${port}.'
    : ` Its last output, from ${logFile}:\n${output.replaceAll(/^/gm, '  | ')}`;
}
