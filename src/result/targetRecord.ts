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
  /** What the scenario claims of memory, held against what was measured; absent in older records. */
  readonly claims?: readonly ClaimVerdict[];
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
  /** Most in use at once by the group whose limit `memoryBytes` is, page cache included; absent in older records. */
  readonly memoryUsedBytes?: number | null;
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
  /** 0 when only the target's metrics page tells of it. */
  readonly pid: number;
  readonly port: number | null;
  readonly command: string;
  readonly samples: readonly ProcessSample[];
  /** Absent in older records; empty without a probe in the target or a metrics page that tells. */
  readonly heap?: readonly HeapSample[];
}

/** Of all threads of a process that carry the probe, or as the metrics page has it. */
export interface HeapSample {
  readonly atMs: number;
  readonly heapUsedBytes: number;
  /** Null where only a metrics page tells, as all that follow. */
  readonly heapTotalBytes: number | null;
  /** Of objects outside of V8's heap, those of array buffers among them. */
  readonly externalBytes: number | null;
  readonly arrayBuffersBytes: number | null;
  /** How late timers were since the sample before, of the worst thread. */
  readonly loopDelayP50Us: number | null;
  /** The one that a metrics page may have. */
  readonly loopDelayP99Us: number | null;
  readonly loopDelayMaxUs: number | null;
  /** Share of the time in which the event loop of the busiest thread was busy, 0 to 1. */
  readonly loopUtilization: number | null;
}

export interface ProcessSample {
  readonly atMs: number;
  /** Connections open on our side when the sample was taken, over all processes of the target. */
  readonly open: number;
  readonly rssBytes: number;
  readonly pssBytes: number | null;
  /** Since the sample before: 100 is one core. */
  readonly cpuPercent: number;
  /** 0 where only a metrics page tells of the process. */
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
  /** One per plateau of the ramp: connections open, median RSS, and what else was read there. */
  readonly points: readonly MemoryPoint[];
  readonly method: string;
  readonly theilSenBytes: number;
  /** Slope of kernel memory of the whole machine, or null. */
  readonly kernelBytes: number | null;
  /** Absent in older records, as all optional fields below. */
  readonly kernelCi95?: readonly [number, number] | null;
  /** False when least squares and Theil-Sen disagree or the interval is wide. */
  readonly reliable: boolean;
  readonly notes: readonly string[];
  readonly byPhase: readonly PhaseMemory[];
  /** The same of PSS: memory shared with other processes counts in part. Null where the system does not tell. */
  readonly pss?: MemorySlope | null;
  /** Null unless every plateau has a reading of the heap from the same threads. */
  readonly heap?: HeapSlope | null;
  /** Null when it was not read with every connection closed, or the target was not the same any more. */
  readonly retained?: RetainedMemory | null;
}

export interface MemoryPoint {
  readonly open: number;
  readonly rssBytes: number;
  readonly pssBytes?: number | null;
  readonly kernelBytes?: number | null;
  /** Used heap and external memory together. */
  readonly heapBytes?: number | null;
}

export interface MemorySlope {
  readonly bytes: number;
  readonly ci95: readonly [number, number];
  readonly theilSenBytes: number;
  readonly baseBytes: number;
}

/** Of used heap and external memory together. */
export interface HeapSlope extends MemorySlope {
  /** Of `bytes`, what lies outside of V8's heap; null where it is not told. */
  readonly externalBytes: number | null;
  /** Garbage was collected before each reading. */
  readonly collected: boolean;
}

/** What a connection costs at one time of the run. */
export interface PhaseMemory {
  readonly phase: string;
  /** Resident memory per connection. */
  readonly bytes: number;
  /**
   * `idle`: the slope over the plateaus of the ramp. `held`: at the end of a hold phase, above `baseBytes`, for each that
   * was open. `retained`: after the drain, above `baseBytes`, for each that was opened. Absent in older records, as the rest.
   */
  readonly moment?: 'idle' | 'held' | 'retained';
  readonly ci95?: readonly [number, number];
  /** What `bytes` is divided by; of a slope, the most. */
  readonly connections?: number;
  readonly pssBytes?: number | null;
  readonly kernelBytes?: number | null;
  /** After a collection, where there is a probe; null at the end of a hold phase, which a collection would disturb. */
  readonly heapBytes?: number | null;
}

/** What the target still has when every connection is closed, above what it had without any. In all, not per connection. */
export interface RetainedMemory {
  /** Connections opened during the run, those that came again included. */
  readonly opened: number;
  readonly bytes: number;
  readonly ci95: readonly [number, number];
  /** Of what it had above its base at most; null when that was nothing. */
  readonly shareOfPeak: number | null;
  readonly pssBytes: number | null;
  /** Used heap and external memory; null without a slope of these. */
  readonly heapBytes: number | null;
  readonly heapCi95: readonly [number, number] | null;
  /** Garbage was collected before. */
  readonly collected: boolean;
}

/** `kernel`: one end's half of the kernel's. `heap`, `resident`: their slopes. `total`: resident and kernel together. */
export type Claimed = 'kernel' | 'heap' | 'resident' | 'total';

/** One row of what a scenario claims of memory. */
export interface ClaimVerdict {
  readonly what: string;
  readonly is: Claimed;
  /** As written in the scenario. */
  readonly claimed: string;
  readonly lowBytes: number;
  readonly highBytes: number;
  /** How many connections together; 1 for each. */
  readonly connections: number;
  /** Null when it was not measured. */
  readonly measuredBytes: number | null;
  readonly ci95: readonly [number, number] | null;
  /** `holds`: the whole interval is within the claim. `unclear`: it reaches over an end of it. */
  readonly verdict: 'holds' | 'more' | 'less' | 'unclear' | 'not-measured';
  /** What a reader has to know of the figure; null for nothing. */
  readonly note: string | null;
}
