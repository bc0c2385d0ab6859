import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  findGroups,
  readAllowedCpus,
  readDescriptorLimit,
  readGroupLimits,
} from '../../src/target/cgroup.js';
import { scratchFolder } from '../support/scratch.js';

/** A tree of files as the kernel would show it; returns what paths begin with. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = scratchFolder();
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return root;
}

async function limitsOf(files: Readonly<Record<string, string>>) {
  const groups = await findGroups(7, tree(files));
  if (groups === null) throw new Error('no groups were found');
  return readGroupLimits(groups);
}

const V1_MOUNTS = `22 27 0:21 / /proc rw,relatime - proc proc rw
31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const V1_GROUPS = '9:name=systemd:/\n4:memory:/app/server\n1:cpu,cpuacct:/app\n0::/\n';
const V1_NONE = '9223372036854771712\n';

test('version 1: the tightest limit of the group and those above it', async () => {
  expect(
    await limitsOf({
      'proc/7/cgroup': V1_GROUPS,
      'proc/7/mountinfo': V1_MOUNTS,
      'sys/fs/cgroup/memory/memory.limit_in_bytes': V1_NONE,
      'sys/fs/cgroup/memory/app/memory.limit_in_bytes': '536870912\n',
      'sys/fs/cgroup/memory/app/memory.usage_in_bytes': '104857600\n',
      'sys/fs/cgroup/memory/app/server/memory.limit_in_bytes': V1_NONE,
      'sys/fs/cgroup/memory/app/server/memory.usage_in_bytes': '52428800\n',
      'sys/fs/cgroup/memory/app/server/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us': '150000\n',
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us': '100000\n',
    }),
  ).toEqual({ memoryBytes: 536_870_912, memoryUsedBytes: 104_857_600, cores: 1.5, oomKills: 3 });
});

test('version 1 without limits: what the own group uses, and nothing else', async () => {
  expect(
    await limitsOf({
      'proc/7/cgroup': V1_GROUPS,
      'proc/7/mountinfo': V1_MOUNTS,
      'sys/fs/cgroup/memory/app/server/memory.limit_in_bytes': V1_NONE,
      'sys/fs/cgroup/memory/app/server/memory.usage_in_bytes': '52428800\n',
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us': '100000\n',
    }),
  ).toEqual({ memoryBytes: null, memoryUsedBytes: 52_428_800, cores: null, oomKills: null });
});

const V2_MOUNTS = '30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';

test('version 2: the same of a slice and its service', async () => {
  expect(
    await limitsOf({
      'proc/7/cgroup': '0::/system.slice/my.service\n',
      'proc/7/mountinfo': V2_MOUNTS,
      'sys/fs/cgroup/system.slice/memory.max': '1073741824\n',
      'sys/fs/cgroup/system.slice/memory.current': '209715200\n',
      'sys/fs/cgroup/system.slice/cpu.max': '50000 100000\n',
      'sys/fs/cgroup/system.slice/my.service/memory.max': 'max\n',
      'sys/fs/cgroup/system.slice/my.service/memory.current': '104857600\n',
      'sys/fs/cgroup/system.slice/my.service/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/system.slice/my.service/memory.events':
        'low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 0\n',
    }),
  ).toEqual({ memoryBytes: 1_073_741_824, memoryUsedBytes: 209_715_200, cores: 0.5, oomKills: 1 });
});

test('version 2 in a container: its own group is the root of what it sees, or mounted there', async () => {
  const files = {
    'sys/fs/cgroup/memory.max': '268435456\n',
    'sys/fs/cgroup/memory.current': '1048576\n',
    'sys/fs/cgroup/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/memory.events': 'oom_kill 0\n',
  };
  const expected = { memoryBytes: 268_435_456, memoryUsedBytes: 1_048_576, cores: null, oomKills: 0 };
  const inside = { 'proc/7/cgroup': '0::/\n', 'proc/7/mountinfo': V2_MOUNTS };
  expect(await limitsOf({ ...files, ...inside })).toEqual(expected);
  // Without a namespace of its own it sees the host's path, and a mount of that very group.
  const mounted = {
    'proc/7/cgroup': '0::/docker/abc\n',
    'proc/7/mountinfo': V2_MOUNTS.replace(' / /sys', ' /docker/abc /sys'),
  };
  expect(await limitsOf({ ...files, ...mounted })).toEqual(expected);
});

test('a mount whose path has a blank in it is found', async () => {
  expect(
    await limitsOf({
      'proc/7/cgroup': '0::/a\n',
      'proc/7/mountinfo': V2_MOUNTS.replace('/sys/fs/cgroup', '/my\\040groups'),
      'my groups/a/memory.max': '4096\n',
    }),
  ).toMatchObject({ memoryBytes: 4096, memoryUsedBytes: null });
});

test('a process that is gone has no groups, and nothing in the files is no limit', async () => {
  expect(await findGroups(7, tree({}))).toBeNull();
  const files = { 'proc/7/cgroup': 'nonsense\n', 'proc/7/mountinfo': 'more of it\n' };
  expect(await findGroups(7, tree(files))).toEqual({ memory: null, cpu: null });
  expect(await limitsOf(files)).toEqual({
    memoryBytes: null,
    memoryUsedBytes: null,
    cores: null,
    oomKills: null,
  });
});

test('descriptors and processors of a process', async () => {
  const limits = (
    soft: string,
  ) => `Limit                     Soft Limit           Hard Limit           Units     
Max open files            ${soft}                1048576              files     
`;
  expect(await readDescriptorLimit(7, tree({ 'proc/7/limits': limits('20000') }))).toBe(20_000);
  expect(await readDescriptorLimit(7, tree({ 'proc/7/limits': limits('unlimited') }))).toBeNull();
  const status = tree({ 'proc/7/status': 'Name:\tnode\nCpus_allowed_list:\t0-3,8,10-11\n' });
  expect(await readAllowedCpus(7, status)).toBe(7);
});

test('of this process the kernel tells something', async () => {
  expect(await readDescriptorLimit(process.pid)).toBeGreaterThan(0);
  expect(await readAllowedCpus(process.pid)).toBeGreaterThan(0);
  const groups = await findGroups(process.pid);
  expect(groups).not.toBeNull();
  if (groups?.memory) expect((await readGroupLimits(groups)).memoryUsedBytes).toBeGreaterThan(0);
});
