import { nowUs } from '../clock.js';
import { ExitCode } from '../errors.js';
import { printError } from './print.js';

/** npm passes the Ctrl-C on that the terminal has sent to all: twice within this time is once. */
const ONE_PRESS_US = 300_000;

/** The first Ctrl-C drains and reports; the second ends at once, and all that was started ends with this process. */
export function interruptible(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  let firstUs = 0;
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      if (nowUs() - firstUs > ONE_PRESS_US) process.exit(ExitCode.interrupted);
      return;
    }
    firstUs = nowUs();
    printError('Stopping: closing the connections and writing the report. Once more to end at once.');
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
