import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from '../clock.js';
import { createAdmission } from './admission.js';
import type { Certificate } from './certificate.js';
import { commonFeatures } from './commonFeatures.js';
import { type Disconnection, disconnectShare } from './disconnect.js';
import type { Hooks, ServerDefinition, ServerParts } from './feature.js';
import { answerHttp } from './httpAnswers.js';
import { countUnder, createLedger, type Ledger } from './ledger.js';
import { keepOnFile } from './ledgerFile.js';
import { createListener, type Listener, listen } from './listener.js';
import type { ServerOptions } from './options.js';
import type { Peer } from './peer.js';
import { invalidUpgrade, writeRefusal } from './refusal.js';
import { trackTransports } from './transports.js';
import { Upgrades } from './upgrades.js';

/** How long clients have to answer the close frame of a server that stops. */
const STOP_GRACE_US = 1_000_000;

/** A reference server that listens. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'ws' | 'wss';
  /** The certificate to trust, as PEM; null without TLS. */
  readonly ca: string | null;
  readonly ledger: Readonly<Ledger>;
  /** Begins to end a share of its open connections; returns how many. */
  disconnect(order: Disconnection): number;
  /** Closes every connection with 1001 and stops listening; resolves when all is gone, after two seconds at the latest. */
  stop(): Promise<void>;
}

/** What a server may be given beside its options. */
export interface ServerSetUp {
  /** To serve TLS with, or null to make one where TLS is asked for. */
  readonly certificate: Certificate | null;
  /** Of an open file to keep the ledger in, or null to keep it in memory alone. */
  readonly ledgerDescriptor: number | null;
}

export const NOTHING_GIVEN: ServerSetUp = { certificate: null, ledgerDescriptor: null };

/**
 * Starts the common base of all reference servers, an HTTP server with ws and a ledger, with the features of
 * `definition` on it. Throws `TargetError` when it cannot listen or cannot make a certificate.
 */
export async function startReference(
  name: string,
  definition: ServerDefinition,
  options: ServerOptions,
  setUp: ServerSetUp,
): Promise<RunningServer> {
  const ledger = createLedger();
  let writeLedger = (): void => {};
  const listener = await createListener(options, setUp.certificate);
  const transportBelow = trackTransports(listener);
  const upgrades = new Upgrades(ledger, options);
  const parts: ServerParts = {
    ledger,
    peers: upgrades.clients,
    refuse: (socket, refusal) => {
      countUnder(ledger.refused, refusal.status);
      writeRefusal(socket, refusal);
    },
    writeLedger: () => writeLedger(),
    transportBelow,
  };
  const hooks = [...commonFeatures(options), ...definition(options)].map((feature) => feature(parts));
  connect(listener, upgrades, parts, hooks);
  listener.http.on('request', answerHttp(ledger, createReport(name, ledger, hooks)));
  try {
    const port = await listen(listener.http, options);
    const { scheme, ca } = listener;
    if (setUp.ledgerDescriptor !== null) writeLedger = keepOnFile(ledger, setUp.ledgerDescriptor);
    return {
      ...{ host: options.host, port, scheme, ca, ledger },
      disconnect: (order) => disconnectShare(upgrades.clients, order, transportBelow),
      stop: () => stopServing(listener, upgrades, hooks),
    };
  } catch (error) {
    stopFeatures(hooks);
    throw error;
  }
}

function connect({ http }: Listener, upgrades: Upgrades, parts: ServerParts, hooks: readonly Hooks[]): void {
  const { ledger, refuse } = parts;
  const [wait] = hooks.flatMap(({ beforeUpgrade }) => beforeUpgrade ?? []);
  const upgradeHooks = hooks.flatMap(({ onUpgrade }) => onUpgrade ?? []);
  const admit = createAdmission(ledger, hooks);

  http.on('connection', () => {
    ledger.tcpConnections++;
  });
  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!http.listening) {
      refuse(socket, { status: 503, body: 'The server is stopping.\n' });
      return;
    }
    for (const hook of upgradeHooks) {
      const answer = hook(request, socket);
      if (answer === 'switched') admit(upgrades.adopt(socket, head), request);
      if (answer !== 'none') return;
    }
    upgrades.handleUpgrade(request, socket, head, admit);
  }
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const proceed = () => upgrade(request, socket, head);
    if (wait === undefined || !http.listening) proceed();
    else wait(socket, proceed);
  });
  upgrades.on('wsClientError', (error, socket, request) => {
    refuse(socket, invalidUpgrade(request, error.message));
  });
}

function createReport(name: string, ledger: Ledger, hooks: readonly Hooks[]): () => string {
  const startedUs = nowUs();
  return () => {
    const uptimeMs = Math.round((nowUs() - startedUs) / 1000);
    const openNow = ledger.opened - ledger.closed;
    const extra = Object.assign({}, ...hooks.map(({ stats }) => stats?.()));
    const memory = memoryOfProcess();
    return JSON.stringify({ server: name, uptimeMs, openNow, memory, counts: ledger, ...extra });
  };
}

function memoryOfProcess() {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapUsedBytes: heapUsed, externalBytes: external };
}

function stopFeatures(hooks: readonly Hooks[]): void {
  for (const hook of hooks) hook.stop?.();
}

async function stopServing({ http }: Listener, upgrades: Upgrades, hooks: readonly Hooks[]): Promise<void> {
  if (!http.listening) return;
  const allGone = Promise.all([once(http, 'close'), ...Array.from(upgrades.clients, whenClosed)]);
  http.close();
  upgrades.close();
  http.closeIdleConnections();
  stopFeatures(hooks);
  for (const peer of upgrades.clients) peer.close(1001, 'the server is stopping');
  await Promise.race([allGone, grace()]);

  for (const peer of upgrades.clients) peer.terminate();
  http.closeAllConnections();
  // A TLS handshake under way is known to nobody who could end it.
  await Promise.race([allGone, grace()]);
}

function whenClosed(peer: Peer): Promise<void> {
  return new Promise((resolve) => peer.once('close', () => resolve()));
}

function grace(): Promise<void> {
  return sleep(STOP_GRACE_US / 1000, undefined, { ref: false });
}
