/** What gave out, in a word or two, and its data apart from the words. */
import type { Limit } from '../../../result/capacity.js';
import { limitWords } from '../../capacityWords.js';
import { observedWords } from '../../limits.js';
import { bytes, capitalized, count, counted, duration, percent } from '../../numbers.js';
import { closeCodeWords } from '../../words.js';

/** For where there is no room for more: `HTTP 503`, `processor`. */
export function limitName(limit: Limit): string {
  switch (limit.code) {
    case 'target-cpu':
      return limit.scope === 'thread' ? 'one thread' : 'processors';
    case 'target-memory':
      return 'memory';
    case 'target-oom':
      return 'memory (OOM)';
    case 'target-descriptors':
      return 'descriptors';
    case 'accept-queue':
      return 'accept queue';
    case 'refused':
      return limit.status === null ? 'refused' : `HTTP ${limit.status}`;
    case 'handshake-timeout':
      return 'handshakes';
    case 'closed':
      return 'closes';
    case 'target-died':
      return 'target died';
    case 'latency':
      return 'latency';
    case 'threshold':
      return 'a threshold';
    case 'generator':
      return 'generator';
  }
}

/** What showed, as the beginning of a sentence; the name of a metric keeps its letters. */
export function limitSentence(limit: Limit): string {
  const words = limitWords(limit);
  return limit.code === 'latency' || limit.code === 'threshold' ? words : capitalized(words);
}

/** As it was measured, and what it is held against. */
export function limitData(limit: Limit): string {
  switch (limit.code) {
    case 'target-cpu':
      return `${percent(limit.percent)} of ${percent(limit.limitPercent)}, ${processName(limit.pid)}`;
    case 'target-memory':
      return `${bytes(limit.bytes)} of ${bytes(limit.limitBytes)}`;
    case 'target-oom':
      return counted(limit.kills, 'kill');
    case 'target-descriptors':
      return `${count(limit.descriptors)} of ${count(limit.limit)}, ${processName(limit.pid)}`;
    case 'accept-queue':
      return `${counted(limit.listenOverflows, 'overflow')}, ${counted(limit.synRetransmissions, 'SYN')} sent again`;
    case 'refused':
      return `${counted(limit.count, 'attempt')}, ${limit.cause}`;
    case 'handshake-timeout':
      return `${counted(limit.count, 'attempt')}, ${limit.stage}`;
    case 'closed':
      return `${counted(limit.count, 'connection')}, ${limit.cause}, ${closeCodeWords(limit.closeCode)}`;
    case 'target-died':
      return limit.how;
    case 'latency':
      return `${limit.observedUs === null ? 'no data' : duration(limit.observedUs)} for ${duration(limit.limitUs)}`;
    case 'threshold':
      return observedWords({ ...limit, passed: false }) ?? 'no data';
    case 'generator':
      // The words hold every reason.
      return '';
  }
}

function processName(pid: number | null): string {
  return pid === null ? 'all processes' : `process ${pid}`;
}
