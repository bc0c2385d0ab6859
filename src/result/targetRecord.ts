/** The part of the record that is about the server under test. */

export interface TargetResult {
  readonly kind: 'url' | 'server' | 'command';
  /** What was tested, in words: the URL, the reference server's name, or the command line. */
  readonly name: string;
  /** A reference server's own ledger, summed over its instances; null for other targets. */
  readonly counts: TargetCounts | null;
  /** The same for each instance, in the order in which they ran: more than one after a restart. */
  readonly instances: readonly TargetInstance[];
  /** The fault proxy's own ledger, or null without one. */
  readonly proxy: ProxyCounts | null;
  /** The ledger against ours, line by line; empty for other targets. */
  readonly books: readonly BookEntry[];
  readonly processes: readonly TargetProcess[];
  readonly kernel: readonly KernelSample[];
  readonly memoryPerConnection: MemoryPerConnection | null;
  /** Why `memoryPerConnection` is null, as a sentence; null when it is known. */
  readonly memoryUnknownBecause: string | null;
  readonly cpuPerMessageUs: number | null;
  readonly cpuPerConnectUs: number | null;
  /** What the system lets the target have; absent in older records, null where it was not watched. */
  readonly limits?: TargetLimits | null;
}

/** Null where the system does not tell, or sets no limit. */
export interface TargetLimits {
  /** Open files of one process. */
  readonly descriptors: number | null;
  /** Of its cgroup, or the memory of the machine. */
  readonly memoryBytes: number | null;
  /** Of its cgroup, or the processors of the machine. */
  readonly cores: number | null;
  /** Processes of its cgroup that the kernel ended for want of memory, since the start of the run. */
  readonly oomKills: number | null;
}

/** The ledger of a reference server, from its `/stats`. */
export interface TargetCounts {
  readonly opened: number;
  readonly closed: number;
  /** By the code of the close frame the server received or sent first; `none` without a frame. */
  readonly closesByCode: Readonly<Record<string, number>>;
  /** Upgrades refused, by HTTP status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly pingsIn: number;
  readonly pingsOut: number;
  readonly pongsIn: number;
  readonly pongsOut: number;
  /** What a server that passes messages on counted of it; absent in older records. */
  readonly delivery?: DeliveryCounts;
}

/** See `servers/deliveryLedger.ts`. */
export interface DeliveryCounts {
  readonly published: number;
  readonly delivered: number;
  readonly lost: number;
  readonly droppedSlow: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly truncated: number;
  readonly corrupted: number;
  readonly resent: number;
  readonly rejected: number;
  readonly repeated: number;
}

export interface TargetInstance {
  readonly counts: TargetCounts;
  /** True: it was killed, and this is what it had written down at most a few milliseconds before. */
  readonly killed: boolean;
}

/** The ledger of the fault proxy. */
export interface ProxyCounts {
  /** TCP connections accepted. */
  readonly accepted: number;
  /** Of these, upgrades that the target answered with 101; null under TLS, where it cannot be seen. */
  readonly opened: number | null;
  /** Upgrades that the target answered otherwise, by HTTP status. */
  readonly refused: Readonly<Record<string, number>>;
  /** Ended by a fault before the target had answered (under TLS: had sent anything), and after it had. */
  readonly cutOff: number;
  readonly dropped: number;
  /** Accepted while the target took no connections, and reset. */
  readonly upstreamUnreachable: number;
  /** Accepted and reset, because the proxy itself had no descriptor or no port left. */
  readonly failedLocally: number;
  /** Connections whose bytes a blackhole has held back. */
  readonly blackholed: number;
  /**
   * Of these, those that the target closed by itself meanwhile: how long after the blackhole began, in us,
   * ascending.
   */
  readonly noticedByTargetUs: readonly number[];
}

export interface BookEntry {
  /** What is counted, in words. */
  readonly what: string;
  readonly server: number;
  readonly ours: number;
  /**
   * Counted by one end only, because it was under way when its connection was cut off, when the server was killed, or
   * when both ends closed at once, or because a receiver cannot tell it, as a second copy without a first; 0 otherwise.
   */
  readonly inFlight: number;
  /** `server` and `ours` differ by no more than what was in flight. */
  readonly balanced: boolean;
}

export interface TargetProcess {
  readonly pid: number;
  readonly port: number | null;
  readonly command: string;
  readonly samples: readonly ProcessSample[];
}

export interface ProcessSample {
  readonly atMs: number;
  /** Connections open on our side when the sample was taken, over all processes of the target. */
  readonly open: number;
  readonly rssBytes: number;
  readonly pssBytes: number | null;
  /** Since the sample before: 100 is one core. */
  readonly cpuPercent: number;
  readonly hottestThreadPercent: number;
  readonly fds: number | null;
}

/** Of the machine as a whole, both ends of co-located connections. */
export interface KernelSample {
  readonly atMs: number;
  readonly socketBytes: number;
  readonly slabBytes: number;
  /** Since the start of the run: accept queues that were full, and SYN packets that were sent again. */
  readonly listenOverflows: number;
  /** Absent in older records. */
  readonly synRetransmissions?: number;
}

export interface MemoryPerConnection {
  /** Least-squares slope of RSS over open connections. */
  readonly bytes: number;
  readonly ci95: readonly [number, number];
  /** Intercept: RSS without connections. */
  readonly baseBytes: number;
  /** One per plateau of the ramp: connections open, median RSS. */
  readonly points: ReadonlyArray<{ readonly open: number; readonly rssBytes: number }>;
  readonly method: string;
  readonly theilSenBytes: number;
  /** Slope of kernel memory of the whole machine, or null. */
  readonly kernelBytes: number | null;
  /** False when least squares and Theil-Sen disagree or the interval is wide. */
  readonly reliable: boolean;
  readonly notes: readonly string[];
  readonly byPhase: ReadonlyArray<{ readonly phase: string; readonly bytes: number }>;
}
