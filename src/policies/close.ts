import type { CloseAction, ReconnectPolicy } from './policy.js';

/**
 * What a policy does about the end of an open connection. `code` is that of the close frame; null without one, which
 * every client retries. Allocates nothing.
 */
export function closeAction({ closes }: Pick<ReconnectPolicy, 'closes'>, code: number | null): CloseAction {
  if (code === null) return 'retry';
  for (let i = 0; i < closes.length; i++) {
    const { codes, action } = closes[i]!;
    if (codes === 'any-frame' || (code >= codes[0] && code <= codes[1])) return action;
  }
  return 'retry';
}
