import { createDeliveryLedger, type DeliveryLedger } from './deliveryLedger.js';

/**
 * What a reference server counted itself, to be held against what the load side says of the same run.
 * Plain number fields, because the per-message ones are counted on the hot path.
 */
export interface Ledger {
  opened: number;
  closed: number;
  /**
   * By the code of the close frame that was received or sent first; `empty` for a frame without a code,
   * `none` when the connection ended without a frame.
   */
  readonly closesByCode: Record<string, number>;
  /** Upgrades refused, by HTTP status. */
  readonly refused: Record<string, number>;
  messagesIn: number;
  messagesOut: number;
  pingsIn: number;
  pingsOut: number;
  pongsIn: number;
  pongsOut: number;
  /** Clients cut off because they did not answer a ping. */
  terminated: number;
  /** TCP connections accepted, for whatever purpose. */
  tcpConnections: number;
  /** Plain HTTP requests answered, but for `/stats`. */
  httpRequests: number;
  /** Of a server that passes messages on; else all zero. */
  readonly delivery: DeliveryLedger;
}

export function createLedger(): Ledger {
  return {
    opened: 0,
    closed: 0,
    closesByCode: {},
    refused: {},
    messagesIn: 0,
    messagesOut: 0,
    pingsIn: 0,
    pingsOut: 0,
    pongsIn: 0,
    pongsOut: 0,
    terminated: 0,
    tcpConnections: 0,
    httpRequests: 0,
    delivery: createDeliveryLedger(),
  };
}

/** Adds one to the count that `counts` keeps under `key`. */
export function countUnder(counts: Record<string, number>, key: string | number): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
