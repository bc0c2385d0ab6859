import type { CompressionOptions } from '../client/types.js';
import type { DialectSpec } from '../dialects/list.js';
import type { PatternSpec } from '../patterns/list.js';
import type { ReconnectPolicy } from '../policies/policy.js';
import type { ServerName } from '../servers/list.js';
import type { CapacitySpec } from './capacitySpec.js';
import type { FaultSpec } from './faultSpec.js';

/** A scenario, read and checked: units resolved, defaults filled in, names known to exist. */
export interface Scenario {
  readonly name: string;
  /** Path as given by the user, or null for `run ws://...`. */
  readonly file: string | null;
  /** As written, secrets redacted. */
  readonly text: string;
  /** The document with defaults and `--set` applied, in the file's words, secrets redacted: for the record. */
  readonly document: unknown;
  /** Values from the environment and literal credentials: they must not appear in any output. */
  readonly secrets: readonly string[];
  readonly seed: number;
  readonly target: TargetSpec;
  /** Connections go through the fault proxy. */
  readonly proxied: boolean;
  /** Plain HTTP requests beside the run, or null. */
  readonly beside: BesideSpec | null;
  readonly populations: readonly PopulationSpec[];
  readonly timeline: readonly PhaseSpec[];
  readonly thresholds: readonly Threshold[];
  /** What is said of the target's memory and is to be checked; absent for nothing. */
  readonly claims?: readonly MemoryClaim[];
  readonly allowSaturated: boolean;
  /** What `wsherd capacity` is to do with it; null when nobody has said. */
  readonly capacity: CapacitySpec | null;
}

export type TargetSpec =
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly pid: number | null;
      readonly metrics?: MetricsSpec;
    }
  | {
      readonly kind: 'server';
      readonly server: ServerName;
      readonly options: ServerOptions;
      /** Processes of it, each on a port of its own; connections are spread evenly over them. */
      readonly instances: number;
    }
  | {
      readonly kind: 'command';
      /** `${port}` is still in it. */
      readonly command: readonly string[];
      readonly scheme: 'ws' | 'wss';
      readonly path: string;
      readonly readyUs: number;
      readonly instances: number;
      readonly metrics?: MetricsSpec;
    };

/** A page of metrics in Prometheus' text format, and which of its names are what. */
export interface MetricsSpec {
  /** `${port}` of a command is still in it. */
  readonly url: string;
  /** In bytes. */
  readonly resident: string;
  /** In seconds, growing. */
  readonly cpu: string;
  readonly descriptors: string;
  /** In bytes. */
  readonly heap: string;
  /** In seconds. */
  readonly loopDelay: string;
}

/** A claim about memory, for one connection or for so many together. */
export interface MemoryClaim {
  readonly what: string;
  readonly is: 'kernel' | 'heap' | 'resident' | 'total';
  /** As written. */
  readonly claimed: string;
  readonly lowBytes: number;
  readonly highBytes: number;
  readonly connections: number;
}

/** Options of a reference server with units resolved: `...Us`, `...Bytes`. Plain JSON, passed to its process. */
export type ServerOptions = Readonly<Record<string, unknown>>;

/** A closed loop of HTTP requests on the target's own host and port. */
export interface BesideSpec {
  readonly path: string;
  readonly connections: number;
}

export interface PopulationSpec {
  readonly name: string;
  readonly connections: number;
  readonly arrive: Arrive;
  readonly connect: ConnectSpec;
  readonly dialect: DialectSpec;
  readonly patterns: readonly PatternSpec[];
  /** Mean of the exponentially distributed time a connection stays open, or null for the whole run. */
  readonly lifetimeUs: number | null;
  /** How a lost connection comes back, or null: it stays away. */
  readonly reconnect: ReconnectPolicy | null;
}

export type Arrive =
  | { readonly kind: 'over'; readonly overUs: number }
  | { readonly kind: 'rate'; readonly perSecond: number; readonly spacing: 'uniform' | 'poisson' }
  | { readonly kind: 'at-once' };

export interface ConnectSpec {
  /** Replaces the target's path, or null to keep it. */
  readonly path: Template | null;
  readonly headers: Readonly<Record<string, Template>>;
  readonly subprotocols: readonly Template[];
  /** One per connection, by column name; null without `rows`. */
  readonly rows: ReadonlyArray<Readonly<Record<string, string>>> | null;
  readonly compression: CompressionOptions | null;
  readonly handshakeTimeoutUs: number;
  readonly maxMessageBytes: number;
  readonly tls: TlsSpec;
  readonly sourceAddresses: 'auto' | readonly string[];
  readonly engine: 'fast' | 'ws';
}

/** PEM texts, already read. */
export interface TlsSpec {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly servername: string | null;
  readonly verify: boolean;
  readonly resume: boolean;
}

/** Text with what differs from connection to connection left open; `${env.X}` is already filled in. */
export type Template = ReadonlyArray<string | { readonly index: true } | { readonly row: string }>;

export type PhaseSpec =
  | {
      readonly kind: 'ramp';
      readonly name: string;
      /** Share of every population that has arrived at its end, 0 to 1. */
      readonly toShare: number;
      /** In how many equal parts, with a plateau of `settleUs` after each. */
      readonly steps: number;
      readonly settleUs: number;
    }
  | { readonly kind: 'hold'; readonly name: string; readonly forUs: number }
  | { readonly kind: 'fault'; readonly name: string; readonly fault: FaultSpec }
  | {
      readonly kind: 'recover';
      readonly name: string;
      /** Share of the dropped connections that has to be open again, 0 to 1. */
      readonly untilShare: number;
      /** From the start of the fault before it. */
      readonly withinUs: number;
    }
  | { readonly kind: 'drain'; readonly name: string; readonly forUs: number };

export type ThresholdOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** `[population/]name [statistic] op value [during phase]`, or a ratio of two counters. */
export interface Threshold {
  readonly expression: string;
  readonly population: string | null;
  readonly name: string;
  readonly statistic: Statistic | null;
  /** The counter below the line of a ratio, else null. */
  readonly denominator: string | null;
  readonly operator: ThresholdOperator;
  /** In the base unit: us, bytes, a plain number, or a share of 1. */
  readonly value: number;
  readonly unit: 'us' | 'bytes' | 'count' | 'share';
  readonly phase: string | null;
}

/** A percentile is written as its share: p99 is 0.99. */
export type Statistic = 'min' | 'mean' | 'max' | 'count' | { readonly percentile: number };
