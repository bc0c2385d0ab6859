import { nowUs } from '../clock.js';
import type { CommandFaultSpec } from '../scenario/faultSpec.js';
import { startGuarded } from '../target/guarded.js';
import type { Fault } from './fault.js';
import { untilOver } from './waiting.js';
import { reasonOf, seconds } from './wording.js';

/**
 * Runs a program of the user's to its end, in the working directory, under a guardian. What it starts and leaves running
 * goes on, since that may be the server; what takes too long is killed with all its children.
 */
export const runCommand: Fault<CommandFaultSpec> = async ({ run, timeoutUs }, parts) => {
  const { logFile, startUs, done, failed } = parts;
  const line = `\`${run.join(' ')}\``;
  try {
    const guarded = startGuarded({ command: run, childrenStay: true }, logFile, () => {});
    await untilOver(() => guarded.end() !== null, startUs + timeoutUs, parts);
    const end = guarded.end();
    const tookUs = nowUs() - startUs;
    if (end === null) {
      await guarded.stop('SIGKILL', 0);
      // Before its time is over only the end of the run cuts it off.
      failed(
        `${line} was killed after ${seconds(tookUs)}${tookUs < timeoutUs ? ', because the run ended' : ''}`,
      );
    } else if (end.kind === 'failed') failed(`${line} could not be started: ${end.how}`);
    else if (end.code !== 0) failed(`${line} ended ${end.how} after ${seconds(tookUs)}`);
    else done(`${line} ended ${end.how} after ${seconds(tookUs)}`);
  } catch (error) {
    failed(`${line} could not be run: ${reasonOf(error)}`);
  }
};
