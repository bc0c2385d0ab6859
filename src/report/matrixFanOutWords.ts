/** What runs that publish come to, side by side: where the wall is, or who did better under the same load. */
import type { MatrixBroadcast } from '../result/matrixBroadcast.js';
import { ALIKE, type Broadcaster, cameInTime, IN_TIME, keepsUp } from './matrixFanOut.js';
import { sideWords } from './matrixSides.js';
import { count, counted, duration, rateQuantity, share } from './numbers.js';

/** As a clause; of at least one. */
export function fanOutWords(all: readonly Broadcaster[]): string {
  const byLoad = [...all].sort((a, b) => a.broadcast.owedPerSecond - b.broadcast.owedPerSecond);
  const [least, most] = [byLoad[0], byLoad.at(-1)];
  if (least === undefined || most === undefined) return 'nothing was published';
  const isSame = most.broadcast.owedPerSecond < least.broadcast.owedPerSecond * ALIKE;
  return isSame && all.length > 1 ? sideWords(all) : wallWords(byLoad);
}

/** From the least load to the greatest. */
function wallWords(byLoad: readonly Broadcaster[]): string {
  const called = nameBy(byLoad);
  const had = 'the last member had a message after';
  const firstOver = byLoad.findIndex((one) => !keepsUp(one));
  const over = byLoad[firstOver];
  const under = firstOver < 0 ? byLoad.at(-1) : byLoad[firstOver - 1];
  if (under === undefined) {
    return over === undefined
      ? 'nothing was published'
      : `even ${called(over)} the server did not keep up: ${had} ${behindWords(over)}`;
  }
  const last = `${had} ${lastWords(under.broadcast)}`;
  if (over !== undefined) {
    return `the wall lies between ${between(under, over)}: ${last}, then after ${behindWords(over)}`;
  }
  const all = byLoad.length === 1 ? 'the one variant' : `all ${count(byLoad.length)} variants`;
  return `${all} kept up: ${called(under)} ${perSecond(under.broadcast.deliveredPerSecond)} came, and ${last}`;
}

function nameBy(all: readonly Broadcaster[]): (one: Broadcaster) => string {
  const differ = new Set(all.map(({ broadcast }) => broadcast.members)).size > 1;
  return ({ broadcast, variant }) =>
    differ ? `with ${counted(broadcast.members, 'member')}` : `under ${variant.label}`;
}

function between(under: Broadcaster, over: Broadcaster): string {
  const [few, many] = [under.broadcast.members, over.broadcast.members];
  return few === many
    ? `${under.variant.label} and ${over.variant.label}`
    : `${count(few)} and ${count(many)} members`;
}

function perSecond(deliveries: number): string {
  return `${rateQuantity(deliveries).digits} deliveries a second`;
}

function behindWords({ broadcast }: Broadcaster): string {
  const { owedPerSecond, lost, expected } = broadcast;
  const came = cameInTime(broadcast);
  const part = came < IN_TIME ? `${share(came)} came in time` : 'all came';
  const losses = lost === 0 ? '' : `, ${share(lost / Math.max(1, expected))} were lost`;
  return `${lastWords(broadcast)}; of ${perSecond(owedPerSecond)} ${part}${losses}`;
}

function lastWords({ last }: MatrixBroadcast): string {
  if (last === null) return 'a time that is not known';
  return last.p99Us === null ? `${duration(last.maxUs)} (slowest)` : `${duration(last.p99Us)} (p99)`;
}
