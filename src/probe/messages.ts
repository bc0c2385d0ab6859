/** What the probe in a server and wsherd tell each other: JSON, one message a line, over a local socket. */

/** The environment variable that names the socket; without it, or where it is empty, the probe does nothing. */
export const PROBE_VARIABLE = 'WSHERD_PROBE';

/** The first line of each thread that carries the probe. */
export interface ProbeHello {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly thread: number;
}

/** What wsherd asks for. One at a time, so that what is not read never piles up in the server. */
export interface ProbeOrder {
  readonly id: number;
  /** Garbage is to be collected first. */
  readonly collect: boolean;
}

/** The answer: of one thread, but for `rssBytes`, which is that of its process. */
export interface ProbeReport {
  readonly id: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** Of objects outside of V8's heap, buffers among them. */
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
  readonly rssBytes: number;
  /** How late timers of the event loop were since the report before. */
  readonly loopDelayP50Us: number;
  readonly loopDelayP99Us: number;
  readonly loopDelayMaxUs: number;
  /** Share of that time in which the event loop was busy, 0 to 1. */
  readonly loopUtilization: number;
}
