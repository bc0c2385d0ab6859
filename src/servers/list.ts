import type { ServerDefinition } from './feature.js';
import type { OptionGroup } from './options.js';

/** A row of the list: light to import, since the code of a server is loaded only when it is started. */
interface ReferenceServer {
  readonly description: string;
  /** The dialect that a scenario speaks to it unless it says otherwise. */
  readonly dialect: 'echo' | 'heartbeat' | 'json' | 'chat-b' | 'chat-c' | 'reliable';
  /** What can be set beside the options of all servers. */
  readonly options: readonly OptionGroup[];
  load(): Promise<ServerDefinition>;
}

/** Every reference server; to add one, write its file and its line here. */
export const servers = {
  echo: {
    description: 'sends every message back as it came, and does nothing else',
    dialect: 'echo',
    options: ['compression'],
    load: async () => (await import('./echo.js')).echoServer,
  },
  heartbeat: {
    description: 'pings every client every 30 s, drops the silent ones, answers {"type":"ping"}',
    dialect: 'heartbeat',
    options: ['compression'],
    load: async () => (await import('./heartbeat.js')).heartbeatServer,
  },
  closer: {
    description: 'ends each connection in the way that its path names, such as /code/1008 or /reset',
    dialect: 'echo',
    options: ['compression'],
    load: async () => (await import('./closer.js')).closerServer,
  },
  broadcast: {
    description: 'sends every message to every client, its sender included',
    dialect: 'json',
    options: ['compression', 'passing'],
    load: async () => (await import('./broadcast.js')).broadcastServer,
  },
  rooms: {
    description: 'greets every client, and passes on what one says in a room to the others in it',
    dialect: 'chat-b',
    options: ['compression', 'passing', 'rooms'],
    load: async () => (await import('./rooms.js')).roomsServer,
  },
  chat: {
    description: 'lets clients with a token into one room each, checks and limits what they say there',
    dialect: 'chat-c',
    options: ['compression', 'passing', 'rooms', 'entry'],
    load: async () => (await import('./chat.js')).chatServer,
  },
  reliable: {
    description: 'acknowledges every message, drops repeated ones, sends again what is not acknowledged',
    dialect: 'reliable',
    options: ['compression', 'passing', 'rooms', 'resend'],
    load: async () => (await import('./reliable.js')).reliableServer,
  },
  handshake: {
    description: 'the same as rooms, with an upgrade that it performs by hand',
    dialect: 'chat-b',
    options: ['passing', 'rooms'],
    load: async () => (await import('./handshake.js')).handshakeServer,
  },
} satisfies Record<string, ReferenceServer>;

export type ServerName = keyof typeof servers;

/** True if `name` is a reference server. */
export function isServerName(name: string): name is ServerName {
  return Object.hasOwn(servers, name);
}
