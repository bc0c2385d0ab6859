import { SEQUENCE_END } from '../dialects/echo.js';
import type { DialectName } from '../dialects/list.js';
import type { PatternSpec } from '../patterns/list.js';
import type { ConnectDocument } from './connectSchema.js';
import type {
  ArriveDocument,
  EchoDocument,
  HeartbeatDocument,
  PopulationDocument,
} from './populationSchema.js';
import type { Path } from './problem.js';
import { resolveConnect } from './resolveConnect.js';
import { resolveReconnect } from './resolveReconnect.js';
import type { Arrive, PopulationSpec } from './scenario.js';
import type { Surroundings } from './surroundings.js';
import { baseValue } from './units.js';

/** More unanswered messages than this on one connection are a mistake: memory for all of them is set aside. */
const MOST_AWAITED = 10_000;

/** What populations share. Null is what could not be read. */
export interface CommonSettings {
  readonly connect: ConnectDocument;
  readonly dialect: DialectName | null;
  readonly secure: boolean | null;
}

/** One population with everything in base units; problems go to `around.report`. */
export function resolvePopulation(
  name: string,
  population: PopulationDocument,
  common: CommonSettings,
  around: Surroundings,
): PopulationSpec {
  const path = ['populations', name];
  const connect = resolveConnect(
    common.connect,
    population.connect ?? {},
    { name, connections: population.connections, secure: common.secure },
    around,
  );
  const patterns: PatternSpec[] = [];
  if (population.heartbeat)
    patterns.push(resolveHeartbeat(population.heartbeat, [...path, 'heartbeat'], around));
  if (population.echo) {
    const echo = resolveEcho(population.echo, [...path, 'echo'], around);
    checkEcho(echo, common.dialect, connect.maxMessageBytes, [...path, 'echo'], around);
    patterns.push({ kind: 'echo', options: echo });
  }
  return {
    name,
    connections: population.connections,
    arrive: resolveArrive(population.arrive),
    connect,
    dialect: common.dialect ?? 'echo',
    patterns,
    reconnect: population.reconnect
      ? resolveReconnect(population.reconnect, [...path, 'reconnect'], around.report)
      : null,
    lifetimeUs: population.lifetime === undefined ? null : baseValue('duration', population.lifetime.mean),
  };
}

function resolveArrive(arrive: ArriveDocument): Arrive {
  if (arrive.over !== undefined) return { kind: 'over', overUs: baseValue('duration', arrive.over) };
  if (arrive.rate === undefined) return { kind: 'at-once' };
  return { kind: 'rate', perSecond: baseValue('rate', arrive.rate), spacing: arrive.spacing ?? 'uniform' };
}

function resolveHeartbeat(heartbeat: HeartbeatDocument, path: Path, around: Surroundings): PatternSpec {
  const everyUs = baseValue('duration', heartbeat.every);
  const timeoutUs = baseValue('duration', heartbeat.timeout);
  checkAwaited(everyUs, timeoutUs, path, around);
  const { by, offset, onTimeout } = heartbeat;
  return { kind: 'heartbeat', options: { by, everyUs, timeoutUs, offset, onTimeout } };
}

type EchoOptions = Extract<PatternSpec, { kind: 'echo' }>['options'];

function resolveEcho(echo: EchoDocument, path: Path, around: Surroundings): EchoOptions {
  const sizeBytes = baseValue('size', echo.size);
  const timeoutUs = baseValue('duration', echo.timeout);
  if (echo.every === undefined) return { sizeBytes, timeoutUs, pace: { kind: 'answered' } };
  const everyUs = baseValue('duration', echo.every);
  checkAwaited(everyUs, timeoutUs, path, around);
  return { sizeBytes, timeoutUs, pace: { kind: 'every', everyUs, offset: echo.offset ?? 'uniform' } };
}

function checkEcho(
  echo: EchoOptions,
  dialect: DialectName | null,
  maxMessageBytes: number,
  path: Path,
  around: Surroundings,
): void {
  if (dialect !== null && dialect !== 'echo') {
    around.report(
      path,
      `the dialect ${dialect} has no echo: write dialect: echo, for a server that sends back what it gets`,
      'key',
    );
  }
  if (echo.sizeBytes < SEQUENCE_END) {
    around.report([...path, 'size'], `must be at least ${SEQUENCE_END}B: the sequence number has to fit`);
  }
  if (echo.sizeBytes > maxMessageBytes) {
    around.report(
      [...path, 'size'],
      'is more than connect.maxMessage, so every answer would end its connection: raise maxMessage',
    );
  }
}

function checkAwaited(everyUs: number, timeoutUs: number, path: Path, around: Surroundings): void {
  if (timeoutUs / everyUs <= MOST_AWAITED) return;
  around.report(
    [...path, 'timeout'],
    `is more than ${MOST_AWAITED} times as long as every: too many messages would be awaited at once, shorten it`,
  );
}
