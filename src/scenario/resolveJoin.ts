import { abilitiesOf, dialectName } from '../dialects/abilities.js';
import type { DialectSpec } from '../dialects/list.js';
import type { JoinOptions } from '../patterns/join.js';
import type { ReadOptions } from '../patterns/read.js';
import type { AcknowledgeDocument, JoinDocument, ReadDocument } from './broadcastSchema.js';
import { explainLack } from './dialectLack.js';
import type { PatternSettings } from './patternSettings.js';
import type { PopulationDocument } from './populationSchema.js';
import type { Path } from './problem.js';
import type { Surroundings } from './surroundings.js';
import { baseValue } from './units.js';

/** How a population's connections become members; without `join` of the one room that needs no joining. */
export function resolveJoin(
  { join, publish, acknowledge }: PopulationDocument,
  { path, dialect }: PatternSettings,
  around: Surroundings,
): JoinOptions {
  if (acknowledge && publish === undefined) checkReceipts(acknowledge, { path, dialect }, around);
  const acknowledges = acknowledge !== undefined;
  if (join === undefined) return { rooms: null, perConnection: 1, acknowledges };
  const { rooms, perConnection } = join;
  if (perConnection > rooms) {
    around.report(
      [...path, 'join', 'perConnection'],
      `is more than the ${rooms} rooms that there are: a connection joins each of them once at the most`,
    );
  }
  if (dialect) checkRooms(dialect, join, [...path, 'join'], around);
  return { rooms, perConnection, acknowledges };
}

function checkRooms(
  dialect: DialectSpec,
  { perConnection }: JoinDocument,
  path: Path,
  around: Surroundings,
): void {
  const abilities = abilitiesOf(dialect);
  if (!abilities.rooms) {
    const lack = {
      what: 'rooms',
      without: 'leave join out, so that everybody is in one room',
      named: 'json',
      key: 'join',
    };
    around.report(path, explainLack(dialect, lack), 'key');
  } else if (perConnection > 1 && !abilities.severalRooms) {
    around.report(
      [...path, 'perConnection'],
      `in the dialect ${dialectName(dialect)} a connection is in one room at a time: write 1`,
    );
  }
}

/** A population that only receives can acknowledge receipts, and has nothing to send again. */
function checkReceipts(
  acknowledge: AcknowledgeDocument,
  { path, dialect }: Pick<PatternSettings, 'path' | 'dialect'>,
  around: Surroundings,
): void {
  if (dialect && !abilitiesOf(dialect).acknowledgesReceipts) {
    around.report(
      [...path, 'acknowledge'],
      explainLack(dialect, {
        what: 'words to acknowledge receipts',
        without: 'leave acknowledge out',
        named: 'reliable',
        key: 'acknowledge',
      }),
      'key',
    );
  }
  for (const key of ['resendAfter', 'queue'] as const) {
    if (acknowledge[key] === undefined) continue;
    around.report(
      [...path, 'acknowledge', key],
      'goes only with publish: leave it out, or add publish',
      'key',
    );
  }
}

/** How slowly a population reads. */
export function resolveRead(read: ReadDocument, path: Path, around: Surroundings): ReadOptions {
  if (read.bandwidth !== undefined) {
    return { kind: 'bandwidth', bytesPerSecond: baseValue('bandwidth', read.bandwidth) };
  }
  const forUs = baseValue('duration', read.pause ?? '0s');
  const everyUs = baseValue('duration', read.every ?? '0s');
  if (forUs >= everyUs) {
    around.report([...path, 'pause'], 'must be shorter than every: between two pauses a connection reads');
  }
  return { kind: 'pause', forUs, everyUs };
}
