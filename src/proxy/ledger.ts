import type { ProxyCounts } from '../result/targetRecord.js';

/** What the proxy has counted so far. */
export interface Ledger {
  accepted: number;
  opened: number;
  readonly refused: Record<string, number>;
  cutOff: number;
  dropped: number;
  upstreamUnreachable: number;
  failedLocally: number;
  blackholed: number;
  readonly noticedByTargetUs: number[];
}

export function createLedger(): Ledger {
  return {
    accepted: 0,
    opened: 0,
    refused: {},
    cutOff: 0,
    dropped: 0,
    upstreamUnreachable: 0,
    failedLocally: 0,
    blackholed: 0,
    noticedByTargetUs: [],
  };
}

/** @param secure Under TLS nobody can see whether an upgrade succeeded. */
export function ledgerReport(ledger: Ledger, secure: boolean): ProxyCounts {
  return {
    ...ledger,
    opened: secure ? null : ledger.opened,
    noticedByTargetUs: ledger.noticedByTargetUs.toSorted((a, b) => a - b),
  };
}
