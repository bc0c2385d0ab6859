import type { DeliveryPopulation } from './topology.js';

/**
 * How many are in a room, in constant time: connection `i` of a population is in the rooms `(i + j) mod rooms` for every
 * `j` below `perConnection`. A row is a room; the lobby's follows those that can be joined.
 */

/** How many rooms can be joined, which is also the lobby's row. */
export function joinableRooms(populations: readonly DeliveryPopulation[]): number {
  return populations.reduce((most, { rooms }) => Math.max(most, rooms ?? 0), 0);
}

/** Connections of the population that are members of a room; `lobby` is the lobby's row. */
export function membersIn(population: DeliveryPopulation, row: number, lobby: number): number {
  const { connections, rooms, perConnection } = population;
  if (rooms === null) return row === lobby ? connections : 0;
  if (row >= rooms) return 0;
  // Members have `i mod rooms` in the circle of `perConnection` numbers that ends at `row`. Every number has `whole`
  // connections, and those below `rest` one more.
  const whole = Math.floor(connections / rooms);
  const rest = connections % rooms;
  const first = row - perConnection + 1;
  const upToRow = Math.max(0, Math.min(row + 1, rest) - Math.max(first, 0));
  const aroundEnd = first < 0 ? Math.max(0, rest - (first + rooms)) : 0;
  return whole * perConnection + upToRow + aroundEnd;
}

/** Connections of the population that publish to a room. */
export function publishersTo(population: DeliveryPopulation, row: number, lobby: number): number {
  const { connections, publishes } = population;
  if (publishes === null) return 0;
  if (publishes.room === null) return membersIn(population, row, lobby);
  return publishes.room === row && row !== lobby ? connections : 0;
}

/** Members of all populations by row, the lobby's last. */
export function membersByRow(populations: readonly DeliveryPopulation[]): Float64Array {
  const lobby = joinableRooms(populations);
  return Float64Array.from({ length: lobby + 1 }, (_, row) =>
    populations.reduce((sum, population) => sum + membersIn(population, row, lobby), 0),
  );
}

/** Connections of a population that publish where no other connection is. `members` as `membersByRow` gives them. */
export function lonelyPublishers(population: DeliveryPopulation, members: Float64Array): number {
  const { connections, rooms, perConnection, publishes } = population;
  const lobby = members.length - 1;
  if (publishes === null) return 0;
  if (publishes.room !== null) {
    const others = members[publishes.room] ?? 0;
    if (others === 0) return connections;
    return others === 1 ? membersIn(population, publishes.room, lobby) : 0;
  }
  if (rooms === null) return members[lobby] === 1 ? 1 : 0;
  let lonely = 0;
  let companyIn = 0;
  const hasCompany = (room: number): number => (members[room % rooms]! > 1 ? 1 : 0);
  for (let j = 0; j < perConnection; j++) companyIn += hasCompany(j);
  // From `rooms` on connections share the rooms of an earlier one.
  for (let i = 0; i < Math.min(connections, rooms); i++) {
    if (companyIn === 0) lonely++;
    companyIn += hasCompany(i + perConnection) - hasCompany(i);
  }
  return lonely;
}

/** How many of the numbers below `limit` are congruent to `remainder` modulo `modulus`. */
export function congruentBelow(limit: number, modulus: number, remainder: number): number {
  const first = ((remainder % modulus) + modulus) % modulus;
  return Math.max(0, Math.ceil((limit - first) / modulus));
}
