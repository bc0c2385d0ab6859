/** Up to six numbers that a reader would ask for first. */
import type { RunResult } from '../../result/types.js';
import { deliveryLeads } from '../broadcastVerdict.js';
import { counter, headlines, histogram } from '../headline.js';
import { limitOn } from '../limits.js';
import { bytes, bytesQuantity, count, rateQuantity } from '../numbers.js';
import { worstRecovery } from '../stormWords.js';
import { abnormalCloses } from '../words.js';
import { binsOf, peaks, rates, states } from './bins.js';
import { broadcastHeroes, lastHero, lostHero } from './broadcast/heroes.js';
import { drawHero, type Hero, latencyHero, SPARK_POINTS } from './hero.js';
import { html, type Markup } from './markup.js';
import { processBins } from './processes.js';
import { stormHeroes } from './storm/heroes.js';
import { sparkline } from './svg.js';

export function heroes(result: RunResult): Markup {
  return html`<dl class="heroes">${heroesOf(result).map(drawHero)}</dl>`;
}

function heroesOf(result: RunResult): Hero[] {
  const storm = worstRecovery(result.recoveries);
  const publishes = (result.broadcast?.messages.published ?? 0) > 0;
  if (publishes && deliveryLeads(result)) return [...broadcastHeroes(result), connections(result)];
  const second = publishes ? [lostHero(result), lastHero(result)] : [handshake(result), latency(result)];
  const shown =
    storm === null
      ? [connections(result), ...second, memory(result), abnormal(result), throughput(result)]
      : [...stormHeroes(result, storm), ...second];
  return shown.filter((hero) => hero !== null);
}

function connections(result: RunResult): Hero {
  const { planned, peakOpen } = result.connections;
  const bins = binsOf(result.series, SPARK_POINTS);
  return {
    label: 'Connections open',
    quantity: { digits: count(peakOpen), unit: '' },
    unknown: 'not known',
    note: `of ${count(planned)} planned`,
    limit: null,
    bad: peakOpen < planned,
    spark: sparkline(states(result.series.open, bins), 'server'),
  };
}

function handshake(result: RunResult): Hero {
  const metric = histogram(result.metrics, 'handshake.total');
  return latencyHero(result, 'Handshake', 'handshake.total', metric);
}

function latency(result: RunResult): Hero | null {
  const main = headlines(result)[0];
  if (main === undefined) return null;
  const label = main.pattern === 'heartbeat' ? 'Heartbeat' : 'Echo';
  return latencyHero(result, label, main.name, main.response);
}

function memory(result: RunResult): Hero | null {
  const { memoryPerConnection, processes } = result.target;
  if (memoryPerConnection === null && processes.length === 0) return null;
  const bins = binsOf(result.series, SPARK_POINTS);
  return {
    label: 'Memory per connection',
    quantity: memoryPerConnection === null ? null : bytesQuantity(memoryPerConnection.bytes),
    unknown: 'not known',
    note:
      memoryPerConnection === null
        ? 'see below why'
        : `${bytes(memoryPerConnection.ci95[0])} to ${bytes(memoryPerConnection.ci95[1])}`,
    limit: limitOn(result, 'memory.perConnection', null),
    bad: false,
    spark: sparkline(processBins(processes, bins).rssBytes, 'server'),
  };
}

function abnormal(result: RunResult): Hero {
  const ended = result.closes.reduce((sum, close) => sum + close.count, 0);
  const many = abnormalCloses(result.closes);
  return {
    label: 'Abnormal closes',
    quantity: { digits: count(many), unit: '' },
    unknown: 'not known',
    note: `of ${count(ended)}`,
    limit: limitOn(result, 'closes.abnormal', null),
    bad: many > 0,
    spark:
      many === 0 ? null : sparkline(peaks(result.series.closes, binsOf(result.series, SPARK_POINTS)), 'bad'),
  };
}

function throughput(result: RunResult): Hero | null {
  const received = counter(result.metrics, 'messages.received') ?? 0;
  if (received === 0) return null;
  const { messagesReceived, intervalMs } = result.series;
  const perSecond = rates(messagesReceived, binsOf(result.series, SPARK_POINTS), intervalMs);
  return {
    label: 'Messages at peak',
    quantity: rateQuantity(Math.max(0, ...perSecond)),
    unknown: 'not known',
    note: `${count(received)} in all`,
    limit: null,
    bad: false,
    spark: sparkline(perSecond, 'server'),
  };
}
