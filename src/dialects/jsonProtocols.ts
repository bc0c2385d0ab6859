import type { JsonTemplates } from './jsonTemplates.js';

/** Protocols in JSON, by the name of their dialect; to add one, write its row here and its line in `list.ts`. */
export const jsonProtocols = {
  /** What a scenario's own templates take the place of. */
  json: {
    join: '{"type":"join","room":"${room}"}',
    leave: '{"type":"leave","room":"${room}"}',
    publish: '{"type":"message","room":"${room}","payload":"${payload}"}',
    heartbeat: '{"type":"ping"}',
    acknowledge: null,
    room: 'room-${k}',
    expect: {
      ready: null,
      joined: null,
      pong: { type: 'pong' },
      acknowledged: null,
      error: { type: 'error' },
      message: null,
      other: [],
    },
  },
  /** Rooms with a welcome; the sender gets no copy of its own. */
  'chat-b': {
    join: '{"type":"join","room":"${room}"}',
    leave: '{"type":"leave","room":"${room}"}',
    publish: '{"type":"message","room":"${room}","text":"${payload}"}',
    heartbeat: '{"type":"ping","ts":${sequence}}',
    acknowledge: null,
    room: 'room-${k}',
    expect: {
      ready: { type: 'welcome' },
      joined: { type: 'joined', room: '${room}' },
      pong: { type: 'pong', ts: '${sequence}' },
      acknowledged: null,
      error: { type: 'error' },
      message: null,
      other: [{ type: 'system' }],
    },
  },
  /** One room at a time, everything in envelopes of a type and its payload; the sender gets its own copy. */
  'chat-c': {
    join: '{"type":"join","payload":{"room":"${room}"}}',
    leave: null,
    publish: '{"type":"chat","payload":{"text":"${payload}"},"traceId":"${id}"}',
    heartbeat: '{"type":"ping"}',
    acknowledge: null,
    room: 'room-${k}',
    expect: {
      ready: null,
      joined: { type: 'system', 'payload.joined': '${room}' },
      pong: { type: 'pong' },
      acknowledged: null,
      error: { type: 'error' },
      message: null,
      other: [{ type: 'system' }],
    },
  },
  /** Rooms with acknowledgements both ways: what is not acknowledged comes again. */
  reliable: {
    join: '{"type":"join","room":"${room}"}',
    leave: '{"type":"leave","room":"${room}"}',
    publish: '{"id":"${id}","type":"message","room":"${room}","payload":"${payload}"}',
    heartbeat: '{"type":"ping"}',
    acknowledge: '{"id":"${id}","status":"received"}',
    room: 'room-${k}',
    expect: {
      ready: null,
      joined: { type: 'joined', room: '${room}' },
      pong: { type: 'pong' },
      acknowledged: { status: 'received', id: '${id}' },
      error: { type: 'error' },
      message: null,
      other: [{ type: 'system' }],
    },
  },
} as const satisfies Record<string, JsonTemplates>;
