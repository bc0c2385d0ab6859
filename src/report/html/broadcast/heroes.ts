import { isSampled } from '../../../result/broadcast.js';
import { publishingOf } from '../../../result/publishing.js';
import type { RunResult } from '../../../result/types.js';
import { acknowledgementsOf, deliveriesOf, slowAndOthers } from '../../broadcast.js';
import { histogram } from '../../headline.js';
import { limitOn } from '../../limits.js';
import { bytesQuantity, count, countInWords, factor, percent, rateQuantity, share } from '../../numbers.js';
import { binsOf } from '../bins.js';
import { type Hero, latencyHero, SPARK_POINTS } from '../hero.js';
import { processBins } from '../processes.js';
import { sparkline } from '../svg.js';
import { deliveryRates } from './rates.js';

/** The numbers that a run which publishes is judged by. */
export function broadcastHeroes(result: RunResult): Hero[] {
  const third = acknowledgementsOf(result) === null ? amplification(result) : again(result);
  return [lostHero(result), lastHero(result), throughput(result), third, load(result)].filter(
    (hero) => hero !== null,
  );
}

export function lostHero(result: RunResult): Hero {
  const { expected, lost } = deliveriesOf(result.metrics);
  const isPart = result.broadcast !== null && isSampled(result.broadcast);
  const part = lost === 0 ? '' : `${share(lost / Math.max(1, expected))} `;
  return {
    label: isPart ? 'Lost, of a sample' : 'Deliveries lost',
    quantity: expected === 0 ? null : { digits: count(lost), unit: '' },
    unknown: 'nothing owed',
    note: expected === 0 ? '' : `${part}of ${countInWords(expected)}`,
    limit:
      limitOn(result, 'broadcast.lost', null) ?? limitOn(result, 'broadcast.lost / broadcast.expected', null),
    bad: lost > 0,
    spark: null,
  };
}

export function lastHero(result: RunResult): Hero {
  return latencyHero(result, 'Last member', 'broadcast.last', histogram(result.metrics, 'broadcast.last'));
}

function throughput(result: RunResult): Hero {
  const bins = binsOf(result.series, SPARK_POINTS);
  const perSecond = deliveryRates(result, bins);
  // Of all members, also where the ledger is a sample of them.
  const all = histogram(result.metrics, 'broadcast.delivery')?.count ?? 0;
  return {
    label: 'Deliveries at peak',
    quantity: rateQuantity(Math.max(0, ...perSecond)),
    unknown: 'none',
    note: `${countInWords(all)} in all`,
    limit: null,
    bad: false,
    spark: sparkline(perSecond, 'server'),
  };
}

function amplification({ broadcast }: RunResult): Hero {
  const many = broadcast?.amplification ?? null;
  return {
    label: 'Out for each in',
    quantity: many === null ? null : { digits: factor(many), unit: '×' },
    unknown: 'not known',
    note: `${count(broadcast?.messages.published ?? 0)} published`,
    limit: null,
    bad: false,
    spark: null,
  };
}

function again(result: RunResult): Hero {
  const found = acknowledgementsOf(result);
  return {
    label: 'Sent again',
    quantity: { digits: count(found?.resent ?? 0), unit: '' },
    unknown: 'not known',
    note: `${count(found?.acknowledged ?? 0)} acknowledged`,
    limit: limitOn(result, 'acknowledge.resent', null),
    bad: (found?.unacknowledged ?? 0) > 0,
    spark: null,
  };
}

/** What it cost the server: memory where slow readers make it hold back messages, else its processor. */
function load(result: RunResult): Hero | null {
  const { targetCpuPercent, targetRss } = publishingOf(result);
  const watched = processBins(result.target.processes, binsOf(result.series, SPARK_POINTS));
  const common = { unknown: 'not known', limit: null, bad: false };
  if (slowAndOthers(result) !== null && targetRss !== null) {
    return {
      ...common,
      label: 'Memory at most',
      quantity: bytesQuantity(targetRss.mostBytes),
      note: `grown by ${count(Math.round((targetRss.mostBytes / targetRss.firstBytes - 1) * 100))} %`,
      spark: sparkline(watched.rssBytes, 'server'),
    };
  }
  if (targetCpuPercent === null) return null;
  const peak = watched.cpuPercent.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return {
    ...common,
    label: 'Processor, mean',
    quantity: { digits: count(Math.round(targetCpuPercent)), unit: '%' },
    note: `of one core, at most ${percent(peak)}`,
    spark: sparkline(watched.cpuPercent, 'server'),
  };
}
