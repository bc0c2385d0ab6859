/** The part of the record that is about the server under test. */

export interface TargetResult {
  readonly kind: 'url' | 'server' | 'command';
  /** What was tested, in words: the URL, the reference server's name, or the command line. */
  readonly name: string;
  /** A reference server's own ledger, summed over its processes; null for other targets. */
  readonly counts: TargetCounts | null;
  /** The ledger against ours, line by line; empty for other targets. */
  readonly books: readonly BookEntry[];
  readonly processes: readonly TargetProcess[];
  readonly kernel: readonly KernelSample[];
  readonly memoryPerConnection: MemoryPerConnection | null;
  /** Why `memoryPerConnection` is null, as a sentence; null when it is known. */
  readonly memoryUnknownBecause: string | null;
  readonly cpuPerMessageUs: number | null;
  readonly cpuPerConnectUs: number | null;
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
}

export interface BookEntry {
  /** What is counted, in words. */
  readonly what: string;
  readonly server: number;
  readonly ours: number;
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
  /** Since the start of the run. */
  readonly listenOverflows: number;
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
