import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TargetError } from '../errors.js';
import { PROBE_VARIABLE } from '../probe/messages.js';
import type { Certificate } from '../servers/certificate.js';
import type { Ledger } from '../servers/ledger.js';
import { readLedgerFile } from '../servers/ledgerFile.js';
import { ATTENDED, type ReadyMessage, type ServerMessage, type ServerOrder } from '../servers/messages.js';
import type { DisconnectOrder } from './target.js';

const ENTRY = fileURLToPath(new URL('../servers/main.js', import.meta.url));
const PROBE = new URL('../probe/probe.js', import.meta.url).href;
const START_TIMEOUT_MS = 30_000;
/** The descriptor that `stdio` gives to what comes after the channel. */
const LEDGER_DESCRIPTOR = 4;
/**
 * V8 lets the young generation grow to 3 x 16 MiB and gives it back in one go, which would hide what a thousand
 * connections cost: with 1 MiB, slopes of repeated runs over 1,000 connections agree within 10 %. It costs a sixth of an echo
 * server's throughput, so it is done only where memory is measured.
 */
const SMALL_YOUNG_GENERATION = ['--max-semi-space-size=1'];

/** How a reference server is started. */
export interface ServerLaunch {
  readonly server: string;
  /** Of the server, as plain JSON. */
  readonly options: object;
  /** To serve with; null without TLS. */
  readonly certificate: Certificate | null;
  readonly logFile: string;
  readonly measuresMemory: boolean;
  readonly keepsLedger: boolean;
  /** Where a probe in it finds wsherd, or null. */
  readonly probePath: string | null;
}

/** How the process of a reference server ended. */
export interface ServerEnd {
  /** With what code or signal, in words. */
  readonly how: string;
  /** By a signal, and so without a last word. */
  readonly killed: boolean;
  /** What it had written down; null when it kept no ledger on file. */
  readonly ledger: Ledger | null;
}

/** One process of a reference server, which ends when this one does, however that ends. */
export class ServerProcess {
  /** Null while it runs. */
  end: ServerEnd | null = null;
  readonly whenEnded: Promise<ServerEnd>;
  /** Its end is what somebody wanted. */
  private endAsked = false;
  private readonly child: ChildProcess;
  private readonly ledgerFile: number | null;
  private readonly orders = new Map<
    number,
    { resolve(connections: number): void; reject(why: Error): void }
  >();
  private lastOrder = 0;

  /** @param onExit Called when it ends unasked after it was ready. */
  constructor(
    private readonly launch: ServerLaunch,
    private readonly onExit: (how: string) => void,
  ) {
    const { server, options, logFile, measuresMemory, keepsLedger, certificate, probePath } = launch;
    this.ledgerFile = keepsLedger ? openNameless(dirname(logFile)) : null;
    const log = openSync(logFile, 'a');
    this.child = fork(ENTRY, [server, JSON.stringify(options), ATTENDED], {
      // Ctrl-C is for wsherd alone, which then says what is to end.
      detached: true,
      stdio: ['ignore', log, log, 'ipc', ...(this.ledgerFile === null ? [] : [this.ledgerFile])],
      env: { ...process.env, [PROBE_VARIABLE]: probePath ?? '' },
      execArgv: measuresMemory ? [...SMALL_YOUNG_GENERATION, '--import', PROBE] : [],
    });
    closeSync(log);
    this.whenEnded = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        const how = signal === null ? `with code ${code}` : `by ${signal}`;
        resolve(this.ended(how, signal !== null));
      });
      this.child.on('error', (error) => {
        // With a process there is an exit to wait for, whatever else went wrong.
        if (this.child.pid === undefined) resolve(this.ended(`before it began: ${error.message}`, false));
      });
    });
    const ledgerDescriptor = keepsLedger ? LEDGER_DESCRIPTOR : null;
    this.send({ kind: 'set-up', certificate, ledgerDescriptor });
  }

  /** Null after its end. */
  get pid(): number | null {
    return this.end === null ? (this.child.pid ?? null) : null;
  }

  /** Resolves when it listens; throws `TargetError` when it does not come to that. */
  async whenReady(): Promise<ReadyMessage> {
    const ready = await this.readyOrWhyNot();
    if (typeof ready === 'string') {
      const { server, logFile } = this.launch;
      await this.stop('SIGKILL', 0);
      throw new TargetError(
        `The reference server ${server} did not start: ${ready}. Its output is in ${logFile}.`,
      );
    }
    this.child.on('message', (message: ServerMessage) => this.answered(message));
    this.whenEnded.then(({ how }) => {
      if (!this.endAsked) this.onExit(how);
    });
    return ready;
  }

  /** Resolves when it has ended; SIGKILL follows SIGTERM after `graceUs`. */
  async stop(signal: 'SIGTERM' | 'SIGKILL', graceUs: number): Promise<void> {
    this.endAsked = true;
    if (this.end !== null) return;
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceUs / 1000);
    await this.whenEnded;
    clearTimeout(timer);
  }

  /** Resolves with how many connections it has begun to end; throws `TargetError` when it is not there to do so. */
  disconnect(order: DisconnectOrder): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.end !== null) return reject(notThere());
      const id = ++this.lastOrder;
      this.orders.set(id, { resolve, reject });
      this.send({ kind: 'disconnect', id, ...order });
    });
  }

  private send(order: ServerOrder): void {
    // A process that cannot be told anything any more has ended, which is heard of otherwise.
    this.child.send(order, () => {});
  }

  private answered(message: ServerMessage): void {
    if (message.kind !== 'disconnected') return;
    this.orders.get(message.id)?.resolve(message.connections);
    this.orders.delete(message.id);
  }

  private readyOrWhyNot(): Promise<ReadyMessage | string> {
    return new Promise((resolve) => {
      const settle = (outcome: ReadyMessage | string): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const timer = setTimeout(settle, START_TIMEOUT_MS, 'it was not ready after 30 s');
      this.whenEnded.then(({ how }) => settle(`it ended ${how}`));
      this.child.once('message', (message: ServerMessage) => {
        if (message.kind === 'ready') settle(message);
        else if (message.kind === 'failed') settle(message.message);
      });
    });
  }

  private ended(how: string, killed: boolean): ServerEnd {
    if (this.end !== null) return this.end;
    const ledger = this.ledgerFile === null ? null : readLedgerFile(this.ledgerFile);
    if (this.ledgerFile !== null) closeSync(this.ledgerFile);
    this.end = { how, killed, ledger };
    for (const { reject } of this.orders.values()) reject(notThere());
    this.orders.clear();
    return this.end;
  }
}

function notThere(): TargetError {
  return new TargetError('the reference server ended before it had ended any connection');
}

/** An empty file that is open in both directions and has no name any more: nothing can leave it behind. */
function openNameless(folder: string): number {
  const path = join(folder, `ledger-${process.pid}`);
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return descriptor;
}
