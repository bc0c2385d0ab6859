import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { nowUs } from '../clock.js';
import type { TargetCounts } from '../result/targetRecord.js';

/** How long to wait for the last closes to be counted. */
const BALANCE_US = 2_000_000;
const BALANCE_POLL_MS = 20;

interface Stats {
  readonly openNow: number;
  readonly counts: TargetCounts;
}

/**
 * The ledger of a reference server that runs, or null when it does not answer. The server counts a close a moment after
 * the client has seen it: asks until nothing is open any more, for two seconds at most.
 * @param ca Trusted; null without TLS.
 */
export async function balancedCounts(url: URL, ca: string | null): Promise<TargetCounts | null> {
  const untilUs = nowUs() + BALANCE_US;
  for (;;) {
    const stats = await fetchStats(url, ca);
    if (stats === null || stats.openNow === 0 || nowUs() > untilUs) return stats?.counts ?? null;
    await new Promise((resolve) => setTimeout(resolve, BALANCE_POLL_MS));
  }
}

function fetchStats(url: URL, ca: string | null): Promise<Stats | null> {
  const secure = url.protocol === 'wss:';
  const statsUrl = new URL('/stats', url.href.replace(/^ws/, 'http'));
  return new Promise((resolve) => {
    const request = (secure ? httpsGet : httpGet)(
      statsUrl,
      { ...(ca === null ? {} : { ca }), agent: false, timeout: 5000 },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(JSON.parse(text)));
        response.on('error', () => resolve(null));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}
