import type { ServerDefinition } from './feature.js';

/** A row of the list: light to import, since the code of a server is loaded only when it is started. */
interface ReferenceServer {
  readonly description: string;
  /** The dialect that a scenario speaks to it unless it says otherwise. */
  readonly dialect: 'echo' | 'heartbeat';
  load(): Promise<ServerDefinition>;
}

/** Every reference server; to add one, write its file and its line here. */
export const servers = {
  echo: {
    description: 'sends every message back as it came, and does nothing else',
    dialect: 'echo',
    load: async () => (await import('./echo.js')).echoServer,
  },
  heartbeat: {
    description: 'pings every client every 30 s, drops the silent ones, answers {"type":"ping"}',
    dialect: 'heartbeat',
    load: async () => (await import('./heartbeat.js')).heartbeatServer,
  },
  closer: {
    description: 'ends each connection in the way that its path names, such as /code/1008 or /reset',
    dialect: 'echo',
    load: async () => (await import('./closer.js')).closerServer,
  },
} satisfies Record<string, ReferenceServer>;

export type ServerName = keyof typeof servers;

/** True if `name` is a reference server. */
export function isServerName(name: string): name is ServerName {
  return Object.hasOwn(servers, name);
}
