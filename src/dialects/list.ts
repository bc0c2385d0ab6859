import type { CreateDialect } from './dialect.js';
import { createEchoDialect } from './echo.js';
import { createHeartbeatDialect } from './heartbeat.js';

/** Every dialect; to add one, write its file and its line here. */
export const dialects = {
  echo: createEchoDialect,
  heartbeat: createHeartbeatDialect,
} satisfies Record<string, CreateDialect>;

export type DialectName = keyof typeof dialects;
