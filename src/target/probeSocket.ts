import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProbeHello, ProbeOrder, ProbeReport } from '../probe/messages.js';
import { readHello, readReport } from './probeLine.js';

/** A report is some 300 bytes: who writes more without a line break is no probe. */
const LONGEST_LINE = 4096;
/** Threads that may carry a probe; more are turned away. */
const MOST_CONNECTIONS = 1024;
/** sockaddr_un has room for 108 bytes, the last of them 0. */
const LONGEST_PATH = 107;

/** A thread that has said hello, and its answer. */
export interface ThreadReport extends ProbeReport {
  readonly pid: number;
  readonly thread: number;
}

/**
 * Where the probes of a target connect: a socket in a folder that nobody but this user may enter. Whatever connects
 * may say anything: lines are bounded and checked, and only threads of the processes asked about are asked.
 */
export class ProbeSocket {
  private readonly connections = new Set<ProbeConnection>();
  /** Also where wsherd ends at once, as by a second Ctrl-C. */
  private readonly remove = (): void => rmSync(this.folder, { recursive: true, force: true });

  private constructor(
    private readonly folder: string,
    /** For the environment of the target. */
    readonly path: string,
    private readonly server: Server,
  ) {
    server.maxConnections = MOST_CONNECTIONS;
    server.on('connection', (socket) => {
      const connection = new ProbeConnection(socket);
      this.connections.add(connection);
      socket.once('close', () => this.connections.delete(connection));
    });
    server.on('error', () => {});
    process.once('exit', this.remove);
  }

  /** Null where there can be no such socket, as with a very long TMPDIR: a run does without. */
  static async open(): Promise<ProbeSocket | null> {
    let folder: string | null = null;
    try {
      folder = mkdtempSync(join(tmpdir(), 'wsherd-probe-'));
      chmodSync(folder, 0o700);
      const path = join(folder, 'socket');
      if (Buffer.byteLength(path) > LONGEST_PATH) throw new RangeError(`${path} is too long`);
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(path, resolve);
      });
      return new ProbeSocket(folder, path, server);
    } catch {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      return null;
    }
  }

  /** The threads of these processes that carry a probe. */
  threadsOf(pids: readonly number[]): readonly ProbeHello[] {
    return this.probesOf(pids).flatMap(({ hello }) => hello ?? []);
  }

  /** Asks every one of these threads; who does not answer within `timeoutUs` is left out. */
  async ask(pids: readonly number[], collect: boolean, timeoutUs: number): Promise<ThreadReport[]> {
    const reports = await Promise.all(
      this.probesOf(pids).map((probe) => probe.ask(collect, timeoutUs / 1000)),
    );
    return reports.filter((report) => report !== null);
  }

  /** Lets the probes go and leaves nothing behind. */
  async close(): Promise<void> {
    for (const connection of this.connections) connection.end();
    await new Promise((resolve) => this.server.close(resolve));
    process.off('exit', this.remove);
    this.remove();
  }

  private probesOf(pids: readonly number[]): ProbeConnection[] {
    return [...this.connections].filter(({ hello }) => hello !== null && pids.includes(hello.pid));
  }
}

class ProbeConnection {
  hello: ProbeHello | null = null;
  private rest = '';
  private lastId = 0;
  private readonly waiting = new Map<number, (report: ProbeReport) => void>();

  constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (text: string) => this.read(text));
  }

  ask(collect: boolean, timeoutMs: number): Promise<ThreadReport | null> {
    const { hello, socket, waiting } = this;
    if (hello === null) return Promise.resolve(null);
    const id = ++this.lastId;
    return new Promise((resolve) => {
      const settle = (report: ProbeReport | null): void => {
        clearTimeout(timer);
        waiting.delete(id);
        socket.off('close', gone);
        resolve(report === null ? null : { ...report, ...hello });
      };
      const gone = (): void => settle(null);
      const timer = setTimeout(gone, timeoutMs);
      waiting.set(id, settle);
      socket.once('close', gone);
      if (socket.writable) socket.write(`${JSON.stringify({ id, collect } satisfies ProbeOrder)}\n`);
      else gone();
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.readLine(line);
    if (this.rest.length > LONGEST_LINE) this.end();
  }

  private readLine(line: string): void {
    if (this.hello === null) {
      this.hello = readHello(line);
      if (this.hello === null) this.end();
      return;
    }
    const report = readReport(line);
    if (report === null) this.end();
    else this.waiting.get(report.id)?.(report);
  }
}
