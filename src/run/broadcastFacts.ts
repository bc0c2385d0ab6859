import { BYTES_PER_PAIR, REORDER_WINDOW } from '../delivery/pairLedger.js';
import { membersIn } from '../delivery/rooms.js';
import type { DeliveryPopulation } from '../delivery/topology.js';
import { broadcastPlan, LEDGER_BUDGET_BYTES } from '../plan/broadcast.js';
import { sampleSize } from '../plan/sample.js';
import type { BroadcastFacts } from '../result/broadcast.js';
import { deliveryPopulations } from '../scenario/deliveryPopulations.js';
import type { Scenario } from '../scenario/scenario.js';

/** What the record says of broadcasting before anything is sent; null when nobody publishes. */
export function broadcastFacts({ populations, seed }: Scenario): BroadcastFacts | null {
  const plan = broadcastPlan(populations);
  const parts = deliveryPopulations(populations);
  if (plan === null || parts === null) return null;
  const { rooms, publishers, members, slowMembers, pairs, accountedShare } = plan;
  return {
    rooms,
    publishers,
    members,
    slowMembers,
    publishingMembers: parts.reduce((sum, part) => sum + publishingMembers(part), 0),
    ledger: {
      accounted: sampleSize(accountedShare, seed, populations),
      pairs,
      bytesPerPair: BYTES_PER_PAIR,
      budgetBytes: LEDGER_BUDGET_BYTES,
      reorderWindow: REORDER_WINDOW,
    },
  };
}

function publishingMembers(part: DeliveryPopulation): number {
  if (part.publishes === null) return 0;
  const { room } = part.publishes;
  return room === null ? part.connections : membersIn(part, room, Number.POSITIVE_INFINITY);
}
