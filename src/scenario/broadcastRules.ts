import { lonelyPublishers, membersByRow } from '../delivery/rooms.js';
import type { DeliveryPopulation } from '../delivery/topology.js';
import { PUBLISHERS } from '../dialects/marker.js';
import { deliveryPopulations } from './deliveryPopulations.js';
import type { PopulationDocument } from './populationSchema.js';
import type { Path, Report } from './problem.js';
import type { PopulationSpec } from './scenario.js';

/** One number less than markers have. */
const MOST_PUBLISHERS = PUBLISHERS - 1;

/** What populations that publish and that receive need of each other. Both lists hold all of them, in one order. */
export function checkBroadcast(
  documents: Readonly<Record<string, PopulationDocument>>,
  populations: readonly PopulationSpec[],
  report: Report,
): void {
  const all = deliveryPopulations(populations);
  if (all === null) {
    refuseReceivers(documents, report);
    return;
  }
  checkPublishers(all, report);
  const members = membersByRow(all);
  populations.forEach(({ name }, i) => {
    const population = all[i]!;
    const path: Path = ['populations', name, 'publish'];
    if (population.publishes !== null) checkReach(population, population.publishes, members, path, report);
  });
}

/** Nothing is received where nothing is published. */
function refuseReceivers(documents: Readonly<Record<string, PopulationDocument>>, report: Report): void {
  for (const [name, population] of Object.entries(documents)) {
    for (const key of ['join', 'acknowledge', 'read'] as const) {
      if (population[key] === undefined) continue;
      report(
        ['populations', name, key],
        'no population publishes, so nothing would be received: write publish in one, such as publish: { every: 1s }, or leave this out',
        'key',
      );
    }
  }
}

function checkPublishers(populations: readonly DeliveryPopulation[], report: Report): void {
  const publishers = populations.reduce(
    (sum, { connections, publishes }) => sum + (publishes === null ? 0 : connections),
    0,
  );
  if (publishers <= MOST_PUBLISHERS) return;
  report(
    ['populations'],
    `${publishers} connections publish: markers can tell ${MOST_PUBLISHERS} apart, let fewer of them publish`,
    'key',
  );
}

/** A message that nobody can get is a mistake. What only its publisher may get is, where that is ruled out. */
function checkReach(
  population: DeliveryPopulation,
  { room, ownCopy }: NonNullable<DeliveryPopulation['publishes']>,
  members: Float64Array,
  path: Path,
  report: Report,
): void {
  const problem = room === null ? null : explainRoom(room, members);
  if (problem !== null) {
    report([...path, 'to', 'room'], problem);
  } else if (ownCopy === 'excluded' && lonelyPublishers(population, members) === population.connections) {
    report(
      path,
      'each of its connections is alone in its rooms, so nothing would be received: give other populations the same join, or write ownCopy: expected',
      'key',
    );
  }
}

/** What is wrong with a room as a destination, or null. */
function explainRoom(room: number, members: Float64Array): string | null {
  const rooms = members.length - 1;
  if (rooms === 0) return 'there are no rooms: write join in a population, such as join: { rooms: 10 }';
  if (room >= rooms) return `there is no room ${room}: rooms are 0 to ${rooms - 1}`;
  if (members[room] === 0)
    return `nobody is in room ${room}: ask for fewer rooms, or for more connections that join`;
  return null;
}
