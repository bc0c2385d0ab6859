import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TargetError } from '../errors.js';
import type { ProxyFaultSpec } from '../scenario/faultSpec.js';
import type { ProxyAnswer, ProxyMessage, ProxySettings } from './messages.js';
import { ProxyOrders } from './orders.js';
import type { RunningProxy } from './proxy.js';

const ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));
const STOP_TIMEOUT_MS = 3000;

export interface ProxyOptions extends ProxySettings {
  /** Where the output of its process goes. */
  readonly logFile: string;
  /** Called when the process ends by itself; `how` says with what code or signal. */
  readonly onExit: (how: string) => void;
}

/**
 * Starts the fault proxy before a target, in a process of its own, which ends when this one does, however that ends.
 * Throws `TargetError` when it cannot start.
 */
export async function startProxy({ upstream, secure, logFile, onExit }: ProxyOptions): Promise<RunningProxy> {
  const settings: ProxySettings = { upstream, secure };
  const log = openSync(logFile, 'a');
  const child = fork(ENTRY, [JSON.stringify(settings)], {
    // Ctrl-C is for wsherd alone, which then says what is to end.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: [],
  });
  closeSync(log);
  const { address, port } = await whenListening(child, logFile);
  const orders = new ProxyOrders(child);
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) onExit(endingOf(code, signal));
  });
  const inForce = new Map<ProxyFaultSpec['kind'], ProxyFaultSpec>();
  return {
    address,
    port,
    pid: child.pid ?? 0,
    async apply(fault) {
      inForce.set(fault.kind, fault);
      await orders.give({ kind: 'apply', fault });
    },
    async lift(fault) {
      if (inForce.get(fault.kind) !== fault) return;
      inForce.delete(fault.kind);
      await orders.give({ kind: 'lift', fault: fault.kind });
    },
    async disconnect({ share, how }) {
      return endedIn(await orders.give({ kind: 'disconnect', share, how }));
    },
    async setUpstream(isUp) {
      await orders.give({ kind: 'upstream', isUp });
    },
    async counts() {
      if (hasEnded(child)) return null;
      const answer = await orders.give({ kind: 'counts' }).catch(() => null);
      return answer?.kind === 'counts' ? answer.counts : null;
    },
    async stop() {
      stopping = true;
      await endProcess(child);
    },
  };
}

function endedIn(answer: ProxyAnswer): number {
  return answer.kind === 'ended' ? answer.connections : 0;
}

type Listening = Extract<ProxyMessage, { kind: 'listening' }>;

function whenListening(child: ChildProcess, logFile: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new TargetError(`The fault proxy did not start: ${why}. Its output is in ${logFile}.`));
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      fail(`it ended ${endingOf(code, signal)}`);
    };
    child.once('exit', onExit);
    child.once('error', (error) => fail(error.message));
    child.once('message', (message: ProxyMessage) => {
      child.off('exit', onExit);
      if (message.kind === 'listening') resolve(message);
      else if (message.kind === 'not-started') fail(message.message);
    });
  });
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
