import { stringify } from 'yaml';
import { parseScenario } from './read.js';
import type { Scenario } from './scenario.js';
import type { AllowedCode } from './surroundings.js';
import { formatDuration } from './units.js';

/** What `wsherd run ws://host/path` says on the command line, quantities as it writes them. */
export interface AdHocOptions {
  readonly url: string;
  readonly connections: number;
  /** How long to hold them once they are open, such as `30s`. */
  readonly hold: string;
  /** Time between two pings of a connection; null sends none. Default 1s. */
  readonly heartbeatEvery?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
  readonly compression?: boolean;
  readonly engine?: string;
  readonly name?: string;
  readonly set?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly allowedCode?: AllowedCode;
}

/** New connections per second: slow enough for any server to keep up. */
const ARRIVALS_PER_SECOND = 1000;

/** The scenario that a user would have written for this. Throws a `ScenarioError` with every problem. */
export function adHocScenario(options: AdHocOptions): Scenario {
  const {
    url,
    connections,
    hold,
    heartbeatEvery = '1s',
    headers,
    subprotocols,
    compression,
    engine,
  } = options;
  const document = {
    version: 1,
    name: options.name,
    target: { url },
    connect: { headers, subprotocols, compression, engine },
    populations: {
      clients: {
        connections,
        arrive: { over: arrivalTime(connections) },
        heartbeat: heartbeatEvery === null ? undefined : { by: 'ping', every: heartbeatEvery },
      },
    },
    timeline: [{ ramp: {} }, { hold }, { drain: '5s' }],
  };
  const { set = [], env, allowedCode = [] } = options;
  return parseScenario({ text: stringify(document), file: null, folder: '.', set, env, allowedCode });
}

function arrivalTime(connections: number): string {
  const seconds = Number.isSafeInteger(connections) ? Math.max(1, connections / ARRIVALS_PER_SECOND) : 1;
  return formatDuration(Math.round(seconds * 1_000_000));
}
