/** What the kernel lets a process have: limits of its control group, version 1 or 2, and its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Version 1 writes the largest number of pages for no limit; no machine comes near. */
const NO_LIMIT_BYTES = 2 ** 60;

/** Null where the system does not tell, or sets no limit. */
export interface GroupLimits {
  readonly memoryBytes: number | null;
  /** In use by the group that has this limit, or by the process's own where none has. */
  readonly memoryUsedBytes: number | null;
  /** Of the quota of processor time. */
  readonly cores: number | null;
  /** Processes of the group that were ended for want of memory, since the group began. */
  readonly oomKills: number | null;
}

/** The control groups of a process, each with those above it, nearest first, as folders. */
export interface Groups {
  readonly memory: { readonly version: 1 | 2; readonly folders: readonly string[] } | null;
  readonly cpu: { readonly version: 1 | 2; readonly folders: readonly string[] } | null;
}

/**
 * Where the groups of a process are mounted (cgroups(7), proc_pid_mountinfo(5)); null when it is gone or there are none.
 * @param root What the paths begin with: empty but for tests.
 */
export async function findGroups(pid: number, root = ''): Promise<Groups | null> {
  const [cgroup, mountinfo] = await Promise.all([
    readText(`${root}/proc/${pid}/cgroup`),
    readText(`${root}/proc/${pid}/mountinfo`),
  ]);
  if (cgroup === null || mountinfo === null) return null;
  const entries = cgroup.split('\n').flatMap(parseEntry);
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  const groupOf = (controller: string) => {
    const first = entries.find(({ controllers }) => controllers.includes(controller));
    const mount1 = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    if (first && mount1) return { version: 1, folders: foldersOf(first.path, mount1, root) } as const;
    const second = entries.find(({ controllers }) => controllers.length === 0);
    const mount2 = mounts.find(({ type }) => type === 'cgroup2');
    return second && mount2 ? ({ version: 2, folders: foldersOf(second.path, mount2, root) } as const) : null;
  };
  return { memory: groupOf('memory'), cpu: groupOf('cpu') };
}

/** The tightest limit of the groups and of all above them. */
export async function readGroupLimits({ memory, cpu }: Groups): Promise<GroupLimits> {
  const quotas = await Promise.all((cpu?.folders ?? []).map((folder) => readCores(folder, cpu!.version)));
  const tight = await tightestMemory(memory);
  return { ...tight, cores: least(quotas), oomKills: await readOomKills(memory) };
}

/** Soft limit on the open files of a process, from its limits; null when it is gone or has none. */
export async function readDescriptorLimit(pid: number, root = ''): Promise<number | null> {
  const limits = await readText(`${root}/proc/${pid}/limits`);
  const soft = limits?.match(/^Max open files\s+(\d+)/m)?.[1];
  return soft === undefined ? null : Number(soft);
}

/** Processors that a process may run on. */
export async function readAllowedCpus(pid: number, root = ''): Promise<number | null> {
  const status = await readText(`${root}/proc/${pid}/status`);
  const list = status?.match(/^Cpus_allowed_list:\s*([\d,-]+)$/m)?.[1];
  if (list === undefined) return null;
  return list.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

async function tightestMemory(
  memory: Groups['memory'],
): Promise<Pick<GroupLimits, 'memoryBytes' | 'memoryUsedBytes'>> {
  if (memory === null) return { memoryBytes: null, memoryUsedBytes: null };
  const [limitFile, usedFile] =
    memory.version === 1
      ? ['memory.limit_in_bytes', 'memory.usage_in_bytes']
      : ['memory.max', 'memory.current'];
  const limits = await Promise.all(
    memory.folders.map(async (folder) => limitOf(await readText(join(folder, limitFile)))),
  );
  const memoryBytes = least(limits);
  const at = memoryBytes === null ? 0 : limits.indexOf(memoryBytes);
  const used = await readText(join(memory.folders[at] ?? '', usedFile));
  return { memoryBytes, memoryUsedBytes: numberOf(used) };
}

/** Version 2 counts the groups below in; version 1 each group by itself. */
async function readOomKills(memory: Groups['memory']): Promise<number | null> {
  const own = memory?.folders[0];
  if (memory === null || own === undefined) return null;
  const text = await readText(join(own, memory.version === 1 ? 'memory.oom_control' : 'memory.events'));
  return numberOf(text?.match(/^oom_kill (\d+)$/m)?.[1] ?? null);
}

/** Quota over period: 1 is one core. */
async function readCores(folder: string, version: 1 | 2): Promise<number | null> {
  if (version === 2) {
    const [quota, period] = (await readText(join(folder, 'cpu.max')))?.trim().split(' ') ?? [];
    return coresOf(numberOf(quota ?? null), numberOf(period ?? null));
  }
  const [quota, period] = await Promise.all([
    readText(join(folder, 'cpu.cfs_quota_us')),
    readText(join(folder, 'cpu.cfs_period_us')),
  ]);
  return coresOf(numberOf(quota), numberOf(period));
}

/** Without a limit the quota is -1 or `max`. */
function coresOf(quota: number | null, period: number | null): number | null {
  return quota === null || period === null || quota <= 0 || period <= 0 ? null : quota / period;
}

function limitOf(text: string | null): number | null {
  const bytes = numberOf(text);
  return bytes === null || bytes >= NO_LIMIT_BYTES ? null : bytes;
}

function numberOf(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : null;
}

function least(values: ReadonlyArray<number | null>): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

interface Entry {
  /** None in version 2; a named hierarchy of version 1, such as `name=systemd`, has no controllers that count. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** `4:memory:/app`, `0::/app`. */
function parseEntry(line: string): Entry[] {
  const [, hierarchy, controllers = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
  if (hierarchy === undefined) return [];
  return [{ controllers: controllers === '' ? [] : controllers.split(','), path }];
}

interface Mount {
  /** The group that is mounted, as seen from the root of its hierarchy. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** `31 23 0:28 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory`. */
function parseMount(line: string): Mount[] {
  const [before = '', after] = line.split(' - ');
  const [, , , root, point] = before.split(' ').map(unescapeOctal);
  const [type, , options = ''] = after?.split(' ') ?? [];
  if (root === undefined || point === undefined || type === undefined) return [];
  return [{ root, point, type, options: options.split(',') }];
}

/** Blanks, tabs, line breaks and backslashes in paths are written as `\040`. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** The group's folder and those above it, up to where it is mounted. What lies outside of the mount cannot be seen. */
function foldersOf(path: string, mount: Mount, root: string): string[] {
  const above = mount.root.replace(/\/$/, '');
  const below = path.startsWith(`${above}/`) ? path.slice(above.length) : '/';
  const parts = below.split('/').filter((part) => part !== '' && part !== '..');
  const top = `${root}${mount.point}`;
  return Array.from({ length: parts.length + 1 }, (_, up) => join(top, ...parts.slice(0, parts.length - up)));
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return null;
  }
}
