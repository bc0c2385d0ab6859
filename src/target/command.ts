import { readFileSync } from 'node:fs';
import { nowUs } from '../clock.js';
import { TargetError } from '../errors.js';
import { PROBE_VARIABLE } from '../probe/messages.js';
import type { TargetSpec } from '../scenario/scenario.js';
import { freePort, LOOPBACK, waitForAccept, waitForRefusal } from './accepting.js';
import { type Guarded, type GuardedEnd, startGuarded } from './guarded.js';
import type { LaunchOptions, RunningTarget } from './target.js';

const OUTPUT_SHOWN = 2000;
const STOP_GRACE_US = 3_000_000;
/** How long a port may go on taking connections after the command has ended. */
const RELEASE_US = 5_000_000;

/** A server of the user's, started by its command line with `${port}` filled in, ready when it accepts. */
export async function startCommand(
  spec: Extract<TargetSpec, { kind: 'command' }>,
  { logFile, probePath, onExit, interrupt }: LaunchOptions,
): Promise<RunningTarget> {
  const port = await freePort();
  const command = spec.command.map((part) => part.replaceAll('${port}', String(port)));
  let stopped = false;
  let ready = false;
  let present = launch();

  function launch(): Guarded {
    const environment = { [PROBE_VARIABLE]: probePath ?? '' };
    return startGuarded({ command, environment, childrenStay: false }, logFile, ({ how }) => {
      if (ready) onExit(how);
    });
  }

  async function untilReady(): Promise<void> {
    const isUnwanted = () => stopped || interrupt?.aborted === true;
    const failure = await waitForAccept(LOOPBACK, port, spec.readyUs, () => {
      return present.end() !== null || isUnwanted();
    });
    const end = present.end();
    ready = failure === null && end === null;
    if (ready) return;
    await present.stop('SIGTERM', STOP_GRACE_US);
    const inTime = isUnwanted() ? 'before it was ended' : `within ${spec.readyUs / 1e6} s`;
    const what = end === null ? `did not accept connections on port ${port} ${inTime}` : endedEarly(end);
    throw new TargetError(`The target's command \`${command.join(' ')}\` ${what}.${lastOutput(logFile)}`);
  }

  async function startAgain(): Promise<void> {
    ready = false;
    if (!(await waitForRefusal(port, RELEASE_US))) {
      throw new TargetError(`Port ${port} still takes connections after the target's command has ended.`);
    }
    if (stopped) throw new TargetError('wsherd has ended the target for good.');
    present = launch();
    await untilReady();
  }

  const startUs = nowUs();
  await untilReady();
  const startedInUs = nowUs() - startUs;
  const url = new URL(`${spec.scheme}://${LOOPBACK}:${port}${spec.path}`);
  return {
    kind: 'command',
    name: command.join(' '),
    url,
    urls: [url],
    address: LOOPBACK,
    dnsUs: null,
    ca: null,
    local: true,
    processes() {
      const pid = present.pid();
      return pid === null ? [] : [{ pid, port }];
    },
    ledgers: async () => [],
    lifecycle: { startedInUs, end: (signal, graceUs) => present.stop(signal, graceUs), startAgain },
    disconnect: null,
    async stop() {
      stopped = true;
      await present.stop('SIGTERM', STOP_GRACE_US);
    },
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
