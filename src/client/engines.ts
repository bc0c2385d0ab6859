import { fastEngine } from './fastClient.js';
import type { Engine } from './types.js';
import { wsEngine } from './wsClient.js';

/** The values of the scenario key `connect.engine`. */
export const engines = { fast: fastEngine, ws: wsEngine } satisfies Record<string, Engine>;
