/**
 * The process of one reference server: `node dist/servers/main.js <name> '<options as JSON>'`, and `attended` for one
 * that is told the rest by who forked it, and takes orders.
 */
import { once } from 'node:events';
import { ExitCode, UsageError, UserError } from '../errors.js';
import { addressesOf } from './addresses.js';
import { ATTENDED, type ServerMessage, type ServerOrder, type SetUpOrder } from './messages.js';
import type { RunningServer } from './reference.js';
import { startServer } from './start.js';
import { stopOnSignals } from './stopOnSignals.js';

const isForked = process.send !== undefined;

// A server must not outlive whoever started it, however that one ended.
if (isForked) {
  process.on('disconnect', () => process.exit());
  // It may be gone already.
  if (!process.connected) process.exit();
}

try {
  const [name = '', optionsText = '{}', attendance] = process.argv.slice(2);
  const setUp = attendance === ATTENDED ? await awaitSetUp() : undefined;
  const server = await startServer(name, parseOptions(optionsText), setUp);
  if (setUp !== undefined) obey(server);
  // Ctrl-C reaches the whole process group: whoever forked us decides what it means, and tells us.
  if (isForked) process.on('SIGINT', () => {});
  stopOnSignals(server, isForked ? ['SIGTERM'] : undefined);
  announce(server);
} catch (error) {
  fail(error);
}

async function awaitSetUp(): Promise<SetUpOrder> {
  const [order]: ServerOrder[] = await once(process, 'message');
  if (order?.kind !== 'set-up') throw new Error('an attended server was not set up');
  return order;
}

function obey(server: RunningServer): void {
  process.on('message', (order: ServerOrder) => {
    if (order.kind !== 'disconnect') return;
    tellParent({ kind: 'disconnected', id: order.id, connections: server.disconnect(order) });
  });
}

function parseOptions(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`the options are not JSON: ${JSON.stringify(text)}`);
  }
}

function announce(server: RunningServer): void {
  const { port, scheme, ca } = server;
  if (isForked) tellParent({ kind: 'ready', port, scheme, ca });
  else process.stdout.write(`${addressesOf(server)}\n`);
}

function fail(error: unknown): void {
  const isUserError = error instanceof UserError;
  const message = isUserError ? error.message : String(error instanceof Error ? error.stack : error);
  process.exitCode = isUserError ? error.exitCode : ExitCode.internal;
  process.stderr.write(`${message}\n`);
  // Nothing listens, so the process ends by itself once the parent has been told.
  tellParent({ kind: 'failed', message });
  if (process.connected) process.disconnect();
}

function tellParent(message: ServerMessage): void {
  process.send?.(message);
}
