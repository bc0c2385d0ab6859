import {
  type BroadcastPlan,
  LEDGER_BUDGET_BYTES,
  type PublishedTraffic,
  RECEIPTS_PER_WORKER,
} from '../plan/broadcast.js';
import { bytes, count, counted, rate, share } from '../report/numbers.js';

/** What publishing comes to, and what to look out for. */
export function describeBroadcast(plan: BroadcastPlan, workers: number): string[] {
  const { traffic } = plan;
  return [
    'Broadcast',
    row('rooms', describeRooms(plan)),
    ...traffic.map((one, i) =>
      row(i === 0 ? 'publishing' : '', `${one.population}: ${describeTraffic(one)}`),
    ),
    ...(traffic.length < 2 ? [] : [row('in all', describeRates(traffic))]),
    row('ledger', describeLedger(plan)),
    ...warningsOf(plan, workers).map((warning, i) => row(i === 0 ? 'warnings' : '', warning)),
  ];
}

function describeRooms({
  rooms: { count: used, leastMembers, mostMembers },
  members,
  slowMembers,
}: BroadcastPlan): string {
  const size =
    leastMembers === mostMembers
      ? counted(mostMembers, 'member')
      : `${count(leastMembers)} to ${counted(mostMembers, 'member')}`;
  const slow =
    slowMembers === 0 ? '' : `; ${count(slowMembers)} of ${counted(members, 'connection')} read slowly`;
  return `${count(used)} of ${size}${slow}`;
}

function describeTraffic(traffic: PublishedTraffic): string {
  const { publishers, messagesPerSecondEach } = traffic;
  const who =
    publishers === 1 ? '1 connection that publishes' : `${count(publishers)} connections that each publish`;
  return `${who} ${rate(messagesPerSecondEach)} ${publishers === 1 ? 'makes' : 'make'} ${describeRates([traffic])}`;
}

function describeRates(traffic: readonly PublishedTraffic[]): string {
  const messages = sumOf(traffic, ({ messagesPerSecond }) => messagesPerSecond);
  const deliveries = sumOf(traffic, ({ deliveriesPerSecond }) => deliveriesPerSecond);
  const payload = sumOf(
    traffic,
    ({ deliveriesPerSecond, meanPayloadBytes }) => deliveriesPerSecond * meanPayloadBytes,
  );
  return `${counted(messages, 'message')} and ${counted(deliveries, 'delivery', 'deliveries')} a second, ${bytes(payload)} of payload`;
}

function describeLedger({ pairs, accountedShare }: BroadcastPlan): string {
  const known = `${counted(pairs, 'pair')} of publisher and member`;
  return accountedShare === 1
    ? `${known}; every delivery is accounted for`
    : `${known}; a random sample of ${share(accountedShare)} of the members is accounted for, which ${bytes(LEDGER_BUDGET_BYTES)} hold`;
}

function warningsOf(plan: BroadcastPlan, workers: number): string[] {
  const { traffic, silentRooms, rooms, deliveriesPerSecond } = plan;
  const warnings = traffic
    .filter(({ alone }) => alone > 0)
    .map(
      ({ population, alone, publishers }) =>
        `${population}: ${count(alone)} of ${counted(publishers, 'connection')} ${alone === 1 ? 'publishes to nobody but itself' : 'publish to nobody but themselves'}`,
    );
  if (silentRooms > 0) {
    warnings.push(
      `nobody publishes to ${count(silentRooms)} of ${counted(rooms.count, 'room')}: their members get nothing`,
    );
  }
  if (deliveriesPerSecond > workers * RECEIPTS_PER_WORKER) {
    warnings.push(
      `${count(deliveriesPerSecond)} deliveries a second are more than ${counted(workers, 'worker')} can receive; about ${count(RECEIPTS_PER_WORKER)} a second each is a rule of thumb: ` +
        'publish less often or to smaller rooms, or give more workers a core each',
    );
  }
  return warnings;
}

function sumOf<Item>(items: readonly Item[], amountOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(12)} ${text}`;
}
