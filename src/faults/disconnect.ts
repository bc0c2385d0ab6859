import type { DisconnectSpec } from '../scenario/faultSpec.js';
import type { Fault, FaultParts } from './fault.js';
import { percent, reasonOf } from './wording.js';

/** Ends a share of the open connections: by the server, by the proxy, or by the clients themselves. */
export const disconnect: Fault<DisconnectSpec> = async (spec, parts) => {
  const { share, how } = spec;
  if (how === 'client-close') {
    parts.disconnectClients(share);
    return parts.done(`${percent(share)} of the clients close their connections`);
  }
  const ender = enderOf(spec, parts);
  if (ender === null) {
    return parts.failed(`neither the target nor a proxy can end connections by ${how}`);
  }
  try {
    const connections = await ender.end();
    parts.done(
      `${ender.name} ended ${connections} connections, ${percent(share)} of the open, ${endedBy(spec)}`,
    );
  } catch (error) {
    parts.failed(`the connections could not be ended: ${reasonOf(error)}`);
  }
};

function enderOf({ share, how, code }: DisconnectSpec, { proxy, target }: FaultParts) {
  if (how === 'client-close') return null;
  if (how !== 'server-close' && proxy !== null) {
    return { name: 'the proxy', end: () => proxy.disconnect({ share, how }) };
  }
  const { disconnect: byServer } = target;
  return byServer === null ? null : { name: 'the server', end: () => byServer({ share, how, code }) };
}

function endedBy({ how, code }: DisconnectSpec): string {
  if (how === 'server-close') return `by a close frame with ${code}`;
  return how === 'reset' ? 'by RST' : 'by FIN without a close frame';
}
