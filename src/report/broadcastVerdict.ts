/** What a verdict says of a run that publishes: the clauses, without the word that begins it. */
import type { BroadcastResult } from '../result/broadcast.js';
import { publishingOf } from '../result/publishing.js';
import type { RunResult } from '../result/types.js';
import {
  type Acknowledgements,
  acknowledgementsOf,
  deliveriesOf,
  type Readers,
  type SlowAndOthers,
  slowAndOthers,
} from './broadcast.js';
import {
  audience,
  deliveriesWords,
  listed,
  portion,
  promisesOf,
  troubles,
  wasOrWere,
  windowWords,
} from './broadcastWords.js';
import { histogram, tail, tailWords } from './headline.js';
import { bytes, count, counted, countInWords, duration } from './numbers.js';
import { whichFault, worstRecovery } from './stormWords.js';

/** Null when nobody publishes, or nothing was published. */
export function delivered(result: RunResult): string | null {
  const { broadcast } = result;
  if (broadcast === null || broadcast.messages.published === 0) return null;
  const acknowledgements = acknowledgementsOf(result);
  if (acknowledgements !== null) return reliably(result, broadcast, acknowledgements);
  const readers = slowAndOthers(result);
  return readers === null ? toAll(result, broadcast) : besideSlow(result, readers);
}

/** Whether the question of a run with a fault is rather what was delivered than who came back: the publishers insist. */
export function deliveryLeads(result: RunResult): boolean {
  return worstRecovery(result.recoveries) === null || acknowledgementsOf(result) !== null;
}

/** `none of 1,200,000 deliveries was lost`, or what was; null when nobody was owed a message. */
export function lossWords(result: RunResult): string | null {
  const deliveries = deliveriesOf(result.metrics);
  if (deliveries.expected === 0) return null;
  const { lost, ...others } = deliveries;
  const all = deliveriesWords(deliveries, result.broadcast);
  if (lost > 0) return `${portion(lost, deliveries.expected)} of ${all} ${wasOrWere(lost)} lost`;
  const [but] = troubles({ lost: 0, ...others });
  const none = deliveries.expected === 1 ? 'the one delivery was not lost' : `none of ${all} was lost`;
  return but === undefined ? none : `${none}, but ${but}`;
}

/** `the last member had a message after 41 ms (p99)`; null when no message reached anybody. */
export function lastWords({ metrics }: RunResult): string | null {
  const last = histogram(metrics, 'broadcast.last');
  const after = last === null ? null : tailWords(last);
  return after === null ? null : `the last member had a message after ${after}`;
}

function toAll(result: RunResult, broadcast: BroadcastResult): string {
  const last = histogram(result.metrics, 'broadcast.last');
  const after = last === null ? null : tailWords(last);
  const losses = lossWords(result) ?? 'nobody was owed one';
  if (after === null) return `no message reached anybody; ${losses}`;
  const { lost, missed } = deliveriesOf(result.metrics);
  if (lost > 0) return `${losses}; the last member had a message after ${after}`;
  if (missed > 0) return `the last member had a message after ${after}; ${losses}`;
  const { published, complete } = broadcast.messages;
  const late = published - complete;
  const slow =
    late === 0
      ? ''
      : `, ${count(late)} of ${counted(published, 'message')} after more than ${windowWords(broadcast)}`;
  const each = published === 1 ? 'the one message' : 'each message';
  return `${each} reached ${audience(broadcast)}${slow}, the last after ${after}; ${losses}`;
}

function besideSlow(result: RunResult, { slow, others, othersBefore }: SlowAndOthers): string {
  const own = others.delivery === null ? null : tail(others.delivery);
  const readers = counted(slow.members, 'slow reader');
  const price = priceWords(result, slow);
  if (own === null) return `beside ${readers} nothing reached the ${count(others.members)} others${price}`;
  const losses = lostBy(others);
  const before = othersBefore === null ? null : tail(othersBefore);
  if (before !== null && before.label === own.label) {
    const cost = costWords(own.us, before.us, others.deliveries.lost);
    return `the ${readers} ${cost}: ${own.label} ${duration(own.us)} with them, ${duration(before.us)} before; the others ${losses}${price}`;
  }
  return `beside ${readers} the ${count(others.members)} others had a message within ${duration(own.us)} (${own.label}) and ${losses}${price}`;
}

/** What it cost the server, and the slow themselves. */
function priceWords(result: RunResult, slow: Readers): string {
  const { targetRss } = publishingOf(result);
  const growth =
    targetRss === null ? '' : `; the server grew by ${bytes(targetRss.mostBytes - targetRss.firstBytes)}`;
  return slow.deliveries.lost === 0 ? growth : `; the slow ${lostBy(slow)}${growth}`;
}

/** A p99 that is up by less than this share is the same. */
const SAME = 1.25;

function costWords(withUs: number, beforeUs: number, lost: number): string {
  if (lost > 0) return 'cost the others deliveries';
  return withUs <= beforeUs * SAME ? 'cost the others nothing' : 'slowed the others down';
}

function lostBy({ deliveries: { expected, lost, missed } }: Readers): string {
  if (lost > 0) return `lost ${portion(lost, expected)} of ${countInWords(expected)} deliveries`;
  const none = `lost none of ${countInWords(expected)} deliveries`;
  return missed === 0 ? none : `${none}, but missed ${portion(missed, expected)} while disconnected`;
}

function reliably(result: RunResult, broadcast: BroadcastResult, found: Acknowledgements): string {
  const { nothingLost, nothingTwice, secondCopiesKnown } = promisesOf(result);
  const deliveries = deliveriesOf(result.metrics);
  const { expected, duplicated, late } = deliveries;
  const across = acrossWords(result);
  const again = againWords(result, found);
  if (expected === 0) {
    return `${count(found.acknowledged)} of ${counted(found.published, 'message')} acknowledged, and nobody was owed one${across}`;
  }
  const all = deliveriesWords(deliveries, broadcast);
  if (nothingLost && nothingTwice) {
    return `nothing was lost and nothing came twice${across}: ${all} came once each, ${again}`;
  }
  const twice = portion(duplicated + late, expected);
  if (nothingLost && secondCopiesKnown) {
    return `nothing was lost and nothing came twice to the application${across}: of ${all} ${twice} came again and can be dropped, ${again}`;
  }
  if (nothingLost) return `none of ${all} was lost${across}, but ${twice} may have come twice; ${again}`;
  const wrong = listed(troubles(deliveries).slice(0, 2));
  const though = found.unacknowledged === 0 ? ', though every message was acknowledged' : `; ${again}`;
  return `of ${all}${across} ${wrong}${though}`;
}

/** ` across the restart`; empty without a fault that took connections down. */
function acrossWords(result: RunResult): string {
  const worst = worstRecovery(result.recoveries);
  if (worst === null) return '';
  const lossy = result.recoveries.filter(({ dropped }) => dropped > 0);
  return lossy.length === 1
    ? ` across ${whichFault(result, worst)}`
    : ` across ${count(lossy.length)} faults`;
}

/** How often somebody had to insist: publishers, or the server towards its members. */
function againWords({ target }: RunResult, { resent, unacknowledged }: Acknowledgements): string {
  const byServer = target.counts?.delivery?.resent ?? 0;
  const never = unacknowledged === 0 ? '' : `, ${count(unacknowledged)} never acknowledged`;
  if (resent > 0) return `${counted(resent, 'message')} ${wasOrWere(resent)} sent again${never}`;
  if (byServer > 0) return `the server sent ${counted(byServer, 'copy', 'copies')} again${never}`;
  return `no message had to be sent again${never}`;
}
