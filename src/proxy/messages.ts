import type { ProxyCounts } from '../result/targetRecord.js';
import type { ProxyFaultSpec } from '../scenario/faultSpec.js';

/** What the process of the proxy is started with, as JSON in its first argument. */
export interface ProxySettings {
  /** Where the target accepts connections: a literal address. */
  readonly upstream: { readonly address: string; readonly port: number };
  /** The connections carry TLS, whose content cannot be seen. */
  readonly secure: boolean;
}

/** What the proxy is told. */
export type ProxyOrder =
  | { readonly kind: 'apply'; readonly fault: ProxyFaultSpec }
  | { readonly kind: 'lift'; readonly fault: ProxyFaultSpec['kind'] }
  | { readonly kind: 'disconnect'; readonly share: number; readonly how: EndKind }
  | { readonly kind: 'upstream'; readonly isUp: boolean }
  | { readonly kind: 'counts' };

/** How one side of a connection ends towards the other. */
export type EndKind = 'reset' | 'fin';

/** An order with a number of its own, which the answer repeats. */
export interface NumberedOrder {
  readonly id: number;
  readonly order: ProxyOrder;
}

export type ProxyAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'ended'; readonly connections: number }
  | { readonly kind: 'counts'; readonly counts: ProxyCounts }
  | { readonly kind: 'failed'; readonly message: string };

/** What the process of the proxy tells the process that forked it. */
export type ProxyMessage =
  | { readonly kind: 'listening'; readonly address: string; readonly port: number }
  | { readonly kind: 'not-started'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ProxyAnswer };
