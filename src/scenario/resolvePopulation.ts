import type { DialectSpec } from '../dialects/list.js';
import type { ConnectDocument } from './connectSchema.js';
import type { ArriveDocument, PopulationDocument } from './populationSchema.js';
import { resolveConnect } from './resolveConnect.js';
import { resolvePatterns } from './resolvePatterns.js';
import { resolveReconnect } from './resolveReconnect.js';
import type { Arrive, PopulationSpec } from './scenario.js';
import type { Surroundings } from './surroundings.js';
import { baseValue } from './units.js';

/** What populations share. Null is what could not be read. */
export interface CommonSettings {
  readonly connect: ConnectDocument;
  readonly dialect: DialectSpec | null;
  readonly secure: boolean | null;
  /** Somebody publishes: then everybody receives. */
  readonly isBroadcast: boolean;
}

/** Spoken where the dialect could not be read, which makes no scenario. */
const ANY_DIALECT: DialectSpec = { kind: 'named', name: 'echo' };

/** One population with everything in base units; problems go to `around.report`. */
export function resolvePopulation(
  name: string,
  population: PopulationDocument,
  common: CommonSettings,
  around: Surroundings,
): PopulationSpec {
  const { dialect, isBroadcast } = common;
  const path = ['populations', name];
  const connect = resolveConnect(
    common.connect,
    population.connect ?? {},
    { name, connections: population.connections, secure: common.secure },
    around,
  );
  const { maxMessageBytes } = connect;
  return {
    name,
    connections: population.connections,
    arrive: resolveArrive(population.arrive),
    connect,
    dialect: dialect ?? ANY_DIALECT,
    patterns: resolvePatterns(population, { path, dialect, maxMessageBytes, isBroadcast }, around),
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
