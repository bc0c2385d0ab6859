import { join } from 'node:path';
import { InterruptedError, TargetError } from '../errors.js';
import type { RunningProxy } from '../proxy/proxy.js';
import { startProxy } from '../proxy/start.js';
import { redactor } from '../redact.js';
import { TARGET_LOG_FILE } from '../result/files.js';
import type { Scenario } from '../scenario/scenario.js';
import { portOf } from '../target/safety.js';
import { type RunningTarget, startTarget } from '../target/target.js';
import type { Halt } from './halt.js';
import { hasPlateaus } from './memoryLog.js';
import type { RunOptions } from './run.js';

/** What the connections meet: the target, and the fault proxy where the scenario has one before it. */
export interface Opposite {
  readonly target: RunningTarget;
  readonly proxy: RunningProxy | null;
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** Throws `TargetError` when either does not start, and `InterruptedError` when nobody waits for it any more. */
export async function prepareOpposite(
  scenario: Scenario,
  halt: Halt,
  options: RunOptions,
): Promise<Opposite> {
  const target = await prepareTarget(scenario, halt, options);
  if (!scenario.proxied) return { target, proxy: null, stop: target.stop };
  try {
    const proxy = await startProxy({
      upstream: { address: target.address, port: portOf(target.url) },
      secure: target.url.protocol === 'wss:',
      logFile: join(options.folder, TARGET_LOG_FILE),
      onExit: (how) => halt.stop({ kind: 'proxy-exit', how }),
    });
    return {
      target,
      proxy,
      async stop() {
        await proxy.stop();
        await target.stop();
      },
    };
  } catch (error) {
    await target.stop();
    throw error;
  }
}

async function prepareTarget(scenario: Scenario, halt: Halt, options: RunOptions): Promise<RunningTarget> {
  const { interrupt } = options;
  try {
    return await startTarget(scenario.target, {
      logFile: join(options.folder, TARGET_LOG_FILE),
      waitUs: options.waitForTargetUs,
      allowTargets: options.allowTargets,
      measuresMemory: hasPlateaus(scenario.timeline),
      keepsLedger: scenario.timeline.some((phase) => phase.kind === 'fault' && 'downUs' in phase.fault),
      onExit: (how) => halt.stop({ kind: 'target-exit', how }),
      interrupt,
    });
  } catch (error) {
    if (interrupt.aborted)
      throw new InterruptedError('Interrupted before the target was there: nothing was run.');
    // It names URLs and command lines, and quotes what the target printed.
    if (error instanceof TargetError) throw new TargetError(redactor(scenario.secrets)(error.message));
    throw error;
  }
}
