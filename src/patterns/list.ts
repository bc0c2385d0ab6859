import { createEcho, type EchoOptions } from './echo.js';
import { createHeartbeat, type HeartbeatOptions } from './heartbeat.js';
import type { Pattern, PatternContext } from './pattern.js';

/** Every pattern with its options; to add one, write its file, its line here and its schema in `scenario/`. */
export type PatternSpec =
  | { readonly kind: 'heartbeat'; readonly options: HeartbeatOptions }
  | { readonly kind: 'echo'; readonly options: EchoOptions };

export function createPattern(spec: PatternSpec, context: PatternContext): Pattern {
  switch (spec.kind) {
    case 'heartbeat':
      return createHeartbeat(spec.options, context);
    case 'echo':
      return createEcho(spec.options, context);
  }
}
