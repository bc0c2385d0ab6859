import { abilitiesOf, dialectName } from '../dialects/abilities.js';
import { SEQUENCE_END } from '../dialects/echo.js';
import type { PatternSpec } from '../patterns/list.js';
import type { PatternSettings } from './patternSettings.js';
import type { EchoDocument, HeartbeatDocument, PopulationDocument } from './populationSchema.js';
import type { Path } from './problem.js';
import { resolveJoin, resolveRead } from './resolveJoin.js';
import { resolvePublish } from './resolvePublish.js';
import type { Surroundings } from './surroundings.js';
import { baseValue } from './units.js';

/** More unanswered messages than this on one connection are a mistake: memory for all of them is set aside. */
const MOST_AWAITED = 10_000;

/** What a population does, in the order in which its patterns hear of events; problems go to `around.report`. */
export function resolvePatterns(
  population: PopulationDocument,
  settings: PatternSettings,
  around: Surroundings,
): PatternSpec[] {
  const { heartbeat, echo, publish, read } = population;
  const patterns: PatternSpec[] = [];
  if (settings.isBroadcast) {
    patterns.push({ kind: 'join', options: resolveJoin(population, settings, around) });
  }
  if (heartbeat) patterns.push({ kind: 'heartbeat', options: resolveHeartbeat(heartbeat, settings, around) });
  if (echo) patterns.push({ kind: 'echo', options: resolveEcho(echo, settings, around) });
  if (publish) {
    const options = resolvePublish(publish, population.acknowledge ?? null, settings, around);
    patterns.push({ kind: 'publish', options });
  }
  if (read) patterns.push({ kind: 'read', options: resolveRead(read, [...settings.path, 'read'], around) });
  return patterns;
}

type HeartbeatOptions = Extract<PatternSpec, { kind: 'heartbeat' }>['options'];

function resolveHeartbeat(
  heartbeat: HeartbeatDocument,
  { path, dialect, isBroadcast }: PatternSettings,
  around: Surroundings,
): HeartbeatOptions {
  const place = [...path, 'heartbeat'];
  const everyUs = baseValue('duration', heartbeat.every);
  const timeoutUs = baseValue('duration', heartbeat.timeout);
  checkAwaited(everyUs, timeoutUs, place, around);
  const { by, offset, onTimeout } = heartbeat;
  if (by === 'message' && isBroadcast && dialect?.kind === 'named' && dialect.name === 'echo') {
    around.report(
      [...place, 'by'],
      'in the dialect echo the heartbeats of others, passed on to everybody, would be taken for answers: write by: ping, or dialect: json',
    );
  }
  return { by, everyUs, timeoutUs, offset, onTimeout };
}

type EchoOptions = Extract<PatternSpec, { kind: 'echo' }>['options'];

function resolveEcho(echo: EchoDocument, settings: PatternSettings, around: Surroundings): EchoOptions {
  const path = [...settings.path, 'echo'];
  const sizeBytes = baseValue('size', echo.size);
  const timeoutUs = baseValue('duration', echo.timeout);
  checkEcho(sizeBytes, settings, path, around);
  if (echo.every === undefined) return { sizeBytes, timeoutUs, pace: { kind: 'answered' } };
  const everyUs = baseValue('duration', echo.every);
  checkAwaited(everyUs, timeoutUs, path, around);
  return { sizeBytes, timeoutUs, pace: { kind: 'every', everyUs, offset: echo.offset ?? 'uniform' } };
}

function checkEcho(
  sizeBytes: number,
  { dialect, maxMessageBytes }: PatternSettings,
  path: Path,
  around: Surroundings,
): void {
  if (dialect !== null && !abilitiesOf(dialect).echo) {
    around.report(
      path,
      `the dialect ${dialectName(dialect)} has no echo: write dialect: echo, for a server that sends back what it gets`,
      'key',
    );
  }
  if (sizeBytes < SEQUENCE_END) {
    around.report([...path, 'size'], `must be at least ${SEQUENCE_END}B: the sequence number has to fit`);
  }
  if (sizeBytes > maxMessageBytes) {
    around.report(
      [...path, 'size'],
      'is more than connect.maxMessage, so every answer would end its connection: raise maxMessage',
    );
  }
}

function checkAwaited(everyUs: number, timeoutUs: number, path: Path, around: Surroundings): void {
  if (timeoutUs / everyUs <= MOST_AWAITED) return;
  around.report(
    [...path, 'timeout'],
    `is more than ${MOST_AWAITED} times as long as every: too many messages would be awaited at once, shorten it`,
  );
}
