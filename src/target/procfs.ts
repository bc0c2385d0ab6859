/** What Linux tells about processes and sockets under /proc. Every reader returns null where there is no such file. */
import { readdir, readFile, stat } from 'node:fs/promises';

/** Linux tells process time in ticks of 10 ms (USER_HZ, 100 on every architecture that Node runs on). */
export const TICK_US = 10_000;
const PAGE_BYTES = 4096;

export interface ProcessReading {
  /** In whole ticks, of user and of system time each. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

/** CPU time so far and resident memory of a process, or null when it is gone. */
export async function readProcess(pid: number): Promise<ProcessReading | null> {
  const [cpuUs, statm] = await Promise.all([readCpuUs(`/proc/${pid}/stat`), readText(`/proc/${pid}/statm`)]);
  if (cpuUs === null || statm === null) return null;
  return { cpuUs, rssBytes: Number(statm.split(' ')[1]) * PAGE_BYTES };
}

/** Proportional set size: resident memory with shared pages divided among those who share them. */
export async function readPssBytes(pid: number): Promise<number | null> {
  const rollup = await readText(`/proc/${pid}/smaps_rollup`);
  const match = rollup?.match(/^Pss:\s+(\d+) kB/m);
  return match ? Number(match[1]) * 1024 : null;
}

export interface ThreadTimes {
  /** By thread, of those that have not ended, in us. */
  readonly cpuUs: ReadonlyMap<string, number>;
  /** By the scheduler's own account, in ns; without one in ticks. */
  readonly isExact: boolean;
}

/** CPU time so far of each thread. One that runs just now is accounted for up to the scheduler's last tick, 10 ms ago at most. */
export async function readThreads(pid: number): Promise<ThreadTimes> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const timesBy = async (read: (folder: string) => Promise<number | null>): Promise<Map<string, number>> => {
    const times = await Promise.all(
      threads.map(async (thread) => [thread, await read(`/proc/${pid}/task/${thread}`)] as const),
    );
    return new Map(times.filter((time): time is [string, number] => time[1] !== null));
  };
  const scheduled = await timesBy(readScheduledUs);
  // A kernel that keeps no account may say so by zeros.
  if ([...scheduled.values()].some((us) => us > 0)) return { cpuUs: scheduled, isExact: true };
  return { cpuUs: await timesBy((folder) => readCpuUs(`${folder}/stat`)), isExact: false };
}

/** Open descriptors. Since Linux 6.2 the size of the folder is their number; before that, they are listed. */
export async function countDescriptors(pid: number): Promise<number | null> {
  const folder = `/proc/${pid}/fd`;
  try {
    const { size } = await stat(folder);
    return size > 0 ? size : (await readdir(folder)).length;
  } catch {
    return null;
  }
}

/** A process and all that descend from it, itself first. */
export async function processTree(pid: number): Promise<number[]> {
  const tree = [pid];
  for (const parent of tree) {
    const threads = await readdir(`/proc/${parent}/task`).catch(() => []);
    for (const thread of threads) {
      const children = await readText(`/proc/${parent}/task/${thread}/children`);
      for (const child of children?.split(' ') ?? []) if (child.trim() !== '') tree.push(Number(child));
    }
  }
  return tree;
}

/** Whether any process of a group still runs: one that has ended may wait a long time for somebody to reap it. */
export async function hasMembers(group: number): Promise<boolean> {
  const entries = await readdir('/proc').catch(() => []);
  const processes = entries.filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(processes.map((pid) => readStat(`/proc/${pid}/stat`)));
  return stats.some((fields) => fields?.[2] === String(group) && fields[0] !== 'Z' && fields[0] !== 'X');
}

export async function readCommand(pid: number): Promise<string> {
  return (await readText(`/proc/${pid}/cmdline`))?.replaceAll('\0', ' ').trim() ?? '';
}

export interface KernelReading {
  readonly socketBytes: number;
  readonly slabBytes: number;
  readonly listenOverflows: number;
  readonly synRetransmissions: number;
}

/** Memory of the kernel that grows with sockets, accept queues that were full, and SYN packets sent again, for the whole machine. */
export async function readKernel(): Promise<KernelReading | null> {
  const [sockets, memory, network] = await Promise.all([
    readText('/proc/net/sockstat'),
    readText('/proc/meminfo'),
    readText('/proc/net/netstat'),
  ]);
  if (sockets === null || memory === null || network === null) return null;
  const pages = Number(sockets.match(/^TCP:.* mem (\d+)/m)?.[1] ?? 0);
  const slabKiB = Number(memory.match(/^Slab:\s+(\d+) kB/m)?.[1] ?? 0);
  return {
    socketBytes: pages * PAGE_BYTES,
    slabBytes: slabKiB * 1024,
    listenOverflows: readTcpExt(network, 'ListenOverflows'),
    synRetransmissions: readTcpExt(network, 'TCPSynRetrans'),
  };
}

/** netstat has a line of names and, under it, a line of numbers. */
function readTcpExt(netstat: string, name: string): number {
  const [names, numbers] = netstat.split('\n').filter((line) => line.startsWith('TcpExt:'));
  const column = names?.split(' ').indexOf(name) ?? -1;
  return column < 0 ? 0 : Number(numbers?.split(' ')[column] ?? 0);
}

/** The two fields after the first ten of `readStat`: utime and stime. */
async function readCpuUs(path: string): Promise<number | null> {
  const fields = await readStat(path);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** The first of three fields, in ns; null where there is no such account. */
async function readScheduledUs(folder: string): Promise<number | null> {
  const text = await readText(`${folder}/schedstat`);
  return text === null ? null : Number(text.split(' ')[0]) / 1000;
}

/** The fields from the third on: state, parent, process group, ...; the second is a name that may hold blanks. */
async function readStat(path: string): Promise<string[] | null> {
  const text = await readText(path);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return null;
  }
}

/** Memory of the machine. */
export async function readMachineBytes(): Promise<number | null> {
  const kiB = (await readText('/proc/meminfo'))?.match(/^MemTotal:\s+(\d+) kB/m)?.[1];
  return kiB === undefined ? null : Number(kiB) * 1024;
}
