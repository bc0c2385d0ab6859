import { createEcho, type EchoOptions } from './echo.js';
import { createHeartbeat, type HeartbeatOptions } from './heartbeat.js';
import { createJoin, type JoinOptions } from './join.js';
import type { Pattern, PatternContext } from './pattern.js';
import { createPublish, type PublishOptions } from './publish.js';
import { createRead, type ReadOptions } from './read.js';

/** Every pattern with its options; to add one, write its file, its line here and its schema in `scenario/`. */
export type PatternSpec =
  | { readonly kind: 'heartbeat'; readonly options: HeartbeatOptions }
  | { readonly kind: 'echo'; readonly options: EchoOptions }
  | { readonly kind: 'join'; readonly options: JoinOptions }
  | { readonly kind: 'publish'; readonly options: PublishOptions }
  | { readonly kind: 'read'; readonly options: ReadOptions };

export function createPattern(spec: PatternSpec, context: PatternContext): Pattern {
  switch (spec.kind) {
    case 'heartbeat':
      return createHeartbeat(spec.options, context);
    case 'echo':
      return createEcho(spec.options, context);
    case 'join':
      return createJoin(spec.options, context);
    case 'publish':
      return createPublish(spec.options, context);
    case 'read':
      return createRead(spec.options, context);
  }
}
