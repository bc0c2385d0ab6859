import type { Peer } from '../peer.js';
import type { Delivery } from './delivery.js';
import type { Rooms } from './rooms.js';

const REPORTED_QUEUES = 20;

/** For `/stats`: the rooms, and what waits in front of clients, in bytes that the kernel has not taken yet. */
export function reportPassing<Member>(
  rooms: Rooms<Member>,
  { longestQueueBytes }: Delivery,
  peers: Iterable<Peer>,
) {
  const queues = Array.from(peers, ({ bufferedAmount }) => bufferedAmount).sort((a, b) => b - a);
  return {
    rooms: rooms.report(),
    queues: {
      sumBytes: queues.reduce((sum, bytes) => sum + bytes, 0),
      largestBytes: queues.slice(0, REPORTED_QUEUES),
      /** Of one client, in all the time. */
      longestBytes: longestQueueBytes,
    },
  };
}
