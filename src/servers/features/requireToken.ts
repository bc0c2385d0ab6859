import type { Feature } from '../feature.js';
import { queryOf } from '../requestQuery.js';

/** RFC 6455 section 7.4.1. */
const POLICY_VIOLATION = 1008;

/** Closes the connections of those whose path does not name the token, after the upgrade: features behind it see them closing. */
export function requireToken(token: string): Feature {
  return () => ({
    onOpen: (peer, request) => {
      if (queryOf(request).get('token') !== token) peer.close(POLICY_VIOLATION, 'unauthorized');
    },
  });
}
