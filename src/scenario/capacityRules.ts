import type { CapacitySpec } from './capacitySpec.js';
import type { Report } from './problem.js';
import { everyUsOf, publishes, publishRate, roomsOf } from './publishers.js';
import type { PopulationSpec } from './scenario.js';

/** What an echo or a publisher can keep to. */
const LEAST_EVERY_US = 100;
/** As for every echo: memory for all of the awaited is set aside. */
const MOST_AWAITED = 10_000;

/** Whether the scenario has what is varied, and makes sense at both ends of the range. */
export function checkLoads(spec: CapacitySpec, populations: readonly PopulationSpec[], report: Report): void {
  switch (spec.vary) {
    case 'connections':
      checkShares(spec, populations, report);
      checkRows(populations, spec.to / Math.max(1, total(populations)), report);
      break;
    case 'publish-rate':
      checkPublishing(spec, populations, report);
      break;
    case 'rooms':
      checkRooms(spec, populations, report);
      break;
    case 'connect-rate':
      break;
  }
}

function total(populations: readonly PopulationSpec[]): number {
  return populations.reduce((sum, { connections }) => sum + connections, 0);
}

/** All populations keep their share, and nobody is left out. */
function checkShares({ from }: CapacitySpec, populations: readonly PopulationSpec[], report: Report): void {
  const all = total(populations);
  const smallest = populations.reduce<PopulationSpec | null>(
    (least, one) => (least === null || one.connections < least.connections ? one : least),
    null,
  );
  if (smallest === null) return;
  const least = Math.ceil(all / smallest.connections);
  if (from >= least) return;
  report(
    ['capacity', 'from'],
    `must be at least ${least}: populations keep their shares, and ${smallest.name} has ${smallest.connections} of ${all} connections`,
  );
}

function checkRows(populations: readonly PopulationSpec[], times: number, report: Report): void {
  for (const { name, connections, connect } of populations) {
    const needed = Math.ceil(connections * times);
    if (connect.rows === null || connect.rows.length >= needed) continue;
    report(
      ['capacity', 'to'],
      `${name} would need ${needed} rows, and its file has ${connect.rows.length}: add rows, or search less far`,
    );
  }
}

function checkPublishing({ to }: CapacitySpec, populations: readonly PopulationSpec[], report: Report): void {
  const now = publishRate(populations);
  if (now === 0) {
    const isClosed = populations.some(({ patterns }) => patterns.some(({ kind }) => kind === 'echo'));
    const why = isClosed
      ? 'echo with pace: answered is a closed loop, which has no rate of its own: write echo: { every: 1s }'
      : 'no population publishes or sends echoes: write publish: { every: 1s } or echo: { every: 1s } in one';
    report(['capacity', 'vary'], why);
    return;
  }
  const what = publishes(populations) ? 'publish' : 'echo';
  for (const { name, patterns } of populations) {
    for (const pattern of patterns) {
      const everyUs = everyUsOf(pattern, populations);
      if (everyUs === null) continue;
      const leastUs = (everyUs * now) / to;
      const awaited = pattern.kind === 'echo' ? pattern.options.timeoutUs / leastUs : 0;
      if (leastUs >= LEAST_EVERY_US && awaited <= MOST_AWAITED) continue;
      const rest = pattern.kind === 'echo' ? ', or a shorter timeout' : '';
      report(
        ['capacity', 'to'],
        `each connection of ${name} would ${what} every ${Math.round(leastUs)}us, more than it can: share it among more connections${rest}, or search less far`,
      );
    }
  }
}

function checkRooms(spec: CapacitySpec, populations: readonly PopulationSpec[], report: Report): void {
  const joined = roomsOf(populations);
  const first = joined[0];
  if (first === undefined) {
    report(['capacity', 'vary'], 'no population joins rooms: write join: { rooms: 10 } in those that do');
    return;
  }
  if (joined.some(({ rooms }) => rooms !== first.rooms)) {
    report(['capacity', 'vary'], 'populations join different numbers of rooms: give all of them the same');
  }
  const least = Math.max(...joined.map(({ perConnection }) => perConnection));
  if (spec.from < least) {
    report(['capacity', 'from'], `must be at least ${least}: so many rooms each connection joins`);
  }
  for (const { name, patterns } of populations) {
    for (const pattern of patterns) {
      if (pattern.kind !== 'publish' || pattern.options.room === null || pattern.options.room < spec.from)
        continue;
      report(
        ['capacity', 'from'],
        `must be more than ${pattern.options.room}, the room that ${name} publishes to`,
      );
    }
  }
  checkRows(populations, spec.to / first.rooms, report);
}
