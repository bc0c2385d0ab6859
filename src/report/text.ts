/** The summary for a terminal: at most some forty lines, however much went wrong. */

import { isAbnormal } from '../result/endings.js';
import type { FailureCount, RunResult } from '../result/types.js';
import { broadcast } from './broadcastText.js';
import { deliveryLeads } from './broadcastVerdict.js';
import { failedAttempts, refusals } from './failures.js';
import { counter, headlines, histogram } from './headline.js';
import { limitWords, observedWords, readLimit, unseenWords } from './limits.js';
import {
  block,
  few,
  type Line,
  latencyFigures,
  plain,
  renderBlocks,
  row,
  type TextOptions,
  type Tone,
} from './lines.js';
import { claimedOf, claimedWords, claimWords, heapWords, measuredWords } from './memoryWords.js';
import { bytes, count, counted, duration, elapsed, share } from './numbers.js';
import { storm } from './stormText.js';
import { type Verdict, verdict, worstSendLagUs } from './verdict.js';
import { abnormalCloses, closeWords, failureWords } from './words.js';

/** Ends with a line break; every string from outside is escaped. */
export function renderText(result: RunResult, options: TextOptions): string {
  const blocks = [
    head(result),
    ...topics(result),
    numbers(result),
    claims(result),
    thresholds(result),
    closes(result),
    failures(result),
    books(result),
    warnings(result),
  ];
  return renderBlocks(blocks, options);
}

function topics(result: RunResult): Line[][] {
  const found = [storm(result), broadcast(result)];
  return deliveryLeads(result) ? found.reverse() : found;
}

const OUTCOME_TONE: Record<Verdict['outcome'], Tone> = {
  passed: 'good',
  measured: 'strong',
  failed: 'bad',
  'not-valid': 'doubt',
  partial: 'doubt',
};

function head(result: RunResult): Line[] {
  const { outcome, sentence } = verdict(result);
  const { scenario, target, run } = result;
  const when = run.startedAt.slice(0, 16).replace('T', ' ');
  return [
    plain(sentence, OUTCOME_TONE[outcome], 0),
    plain(`${scenario.name} against ${target.name}, ${elapsed(run.durationMs)}, ${when} UTC`, 'quiet', 0),
    ...validity(result),
  ];
}

function validity(result: RunResult): Line[] {
  const { status, reasons } = result.run.validity;
  const lag = worstSendLagUs(result);
  const busy = share(Math.max(0, ...result.series.eventLoopUtilization));
  const late = lag === null ? '' : `, sends at most ${duration(lag)} late (p99)`;
  const generator = `generator at most ${busy} busy${late}`;
  if (status === 'valid') return [plain(`Valid: ${generator}`, 'quiet', 0)];
  const word = status === 'partial' ? 'Partial' : 'Generator-limited';
  return [
    plain(`${word}: ${generator}`, 'doubt', 0),
    ...few(reasons, 3, (reason) => [plain(reason, 'doubt')]),
  ];
}

function numbers(result: RunResult): Line[] {
  const { connections, metrics, target } = result;
  const handshake = histogram(metrics, 'handshake.total');
  const memory = target.memoryPerConnection;
  const seconds = result.run.durationMs / 1000;
  const received = counter(metrics, 'messages.received') ?? 0;
  return [
    row(
      'connections',
      `${count(connections.peakOpen)} of ${count(connections.planned)} open at most, ` +
        `${count(connections.failed)} failed attempts, ${count(connections.dropped)} dropped`,
    ),
    ...(handshake === null ? [] : [row('handshake', latencyFigures(handshake))]),
    ...headlines(result).map(({ pattern, response }) =>
      row(pattern, latencyFigures(response) + asked(result, pattern)),
    ),
    memory === null
      ? row('memory', target.memoryUnknownBecause ?? 'not measured')
      : row(
          'memory',
          `${bytes(memory.bytes)} per connection (${bytes(memory.ci95[0])} to ${bytes(memory.ci95[1])})` +
            heapWords(memory) +
            (memory.reliable ? '' : ', not reliable'),
        ),
    // What is published has lines of its own.
    ...(received === 0 || seconds === 0 || result.broadcast !== null
      ? []
      : [
          row(
            'messages',
            `${count(received)} received, ${count(counter(metrics, 'messages.sent') ?? 0)} sent`,
          ),
        ]),
  ];
}

function asked({ metrics }: RunResult, pattern: string): string {
  const sent = counter(metrics, `${pattern}.sent`);
  const unanswered = counter(metrics, `${pattern}.unanswered`) ?? 0;
  if (sent === null) return '';
  return `   ${count(sent)} sent, ${unanswered === 0 ? 'all answered' : `${count(unanswered)} unanswered`}`;
}

function claims({ target }: RunResult): Line[] {
  const { claims: rows = [] } = target;
  return block('claims about memory', rows, 8, (row) => [
    plain(
      `${row.what}, ${claimedOf(row)}: ${claimedWords(row)} claimed, ${measuredWords(row)}: ${claimWords(row)}`,
      row.verdict === 'more' || row.verdict === 'less' ? 'doubt' : 'plain',
    ),
  ]);
}

function thresholds(result: RunResult): Line[] {
  // What failed must not be what is left out.
  const failedFirst = [...result.thresholds].sort((a, b) => Number(a.passed) - Number(b.passed));
  return block('thresholds', failedFirst, 6, (threshold) => {
    const limit = readLimit(threshold.expression);
    const seen = observedWords(threshold) ?? unseenWords(threshold);
    const asks = limit === null ? '' : ` (limit ${limitWords(limit)})`;
    const mark = threshold.passed ? 'ok    ' : 'FAILED';
    return [
      plain(
        `${mark} ${threshold.expression}: ${seen}${threshold.passed ? '' : asks}`,
        threshold.passed ? 'plain' : 'bad',
      ),
    ];
  });
}

function closes(result: RunResult): Line[] {
  const abnormal = abnormalCloses(result.closes);
  const title = abnormal === 0 ? 'closes, none abnormal' : `closes, ${count(abnormal)} abnormal`;
  const order = [...result.closes].sort(
    (a, b) => Number(isAbnormal(b)) - Number(isAbnormal(a)) || b.count - a.count,
  );
  return block(title, order, 4, (close) => [
    plain(
      `${count(close.count).padStart(7)}  ${closeWords(close)} during ${close.phase}${quoted(close.example)}`,
      isAbnormal(close) ? 'bad' : 'plain',
    ),
  ]);
}

function failures(result: RunResult): Line[] {
  return [
    ...block(`failed attempts, ${count(result.connections.failed)}`, failedAttempts(result), 3, failureLines),
    ...block('the application said no', refusals(result), 3, failureLines),
  ];
}

function failureLines(failure: FailureCount): Line[] {
  const what = `${failureWords(failure)} during ${failure.phase}${quoted(failure.example)}`;
  return [plain(`${count(failure.count).padStart(7)}  ${what}`, 'bad')];
}

function quoted(example: string): string {
  return example === '' ? '' : `: "${example.slice(0, 140)}"`;
}

function books({ target }: RunResult): Line[] {
  if (target.books.length === 0) return [];
  const wrong = target.books.filter(({ balanced }) => !balanced);
  const lines = counted(target.books.length, 'line');
  if (wrong.length === 0) return [plain(`books: the server's counts and ours agree on ${lines}`, 'quiet', 0)];
  return block(`books: ${wrong.length} of ${lines} differ`, wrong, 3, ({ what, server, ours }) => [
    plain(`${what}: the server counted ${count(server)}, we ${count(ours)}`, 'bad'),
  ]);
}

function warnings(result: RunResult): Line[] {
  return block('warnings', result.warnings, 3, ({ message, advice }) => [
    plain(message, 'doubt'),
    plain(advice, 'quiet', 4),
  ]);
}
