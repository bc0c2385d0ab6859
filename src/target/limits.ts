import { cpus } from 'node:os';
import type { TargetLimits } from '../result/targetRecord.js';
import { findGroups, type Groups, readAllowedCpus, readDescriptorLimit, readGroupLimits } from './cgroup.js';
import { readMachineBytes } from './procfs.js';

/** What the system lets the target have, by its first process: children share its group, and instances are alike. */
export class LimitsWatch {
  private groups: Groups | null = null;
  private first: Omit<TargetLimits, 'oomKills' | 'memoryUsedBytes'> | null = null;
  private oomKillsBefore: number | null = null;
  private oomKills: number | null = null;
  private mostUsedBytes: number | null = null;

  /** Reads what the limits are. */
  async start(pid: number | undefined): Promise<void> {
    if (pid === undefined) return;
    this.groups = await findGroups(pid);
    const [descriptors, allowed, machineBytes] = await Promise.all([
      readDescriptorLimit(pid),
      readAllowedCpus(pid),
      readMachineBytes(),
    ]);
    const limits = this.groups === null ? null : await readGroupLimits(this.groups);
    this.oomKillsBefore = limits?.oomKills ?? null;
    this.first = {
      descriptors,
      memoryBytes: smaller(limits?.memoryBytes ?? null, machineBytes),
      cores: smaller(limits?.cores ?? null, allowed ?? cpus().length),
    };
    await this.sample();
  }

  /** Reads how much is in use, and who was ended. Groups outlive the processes in them. */
  async sample(): Promise<void> {
    if (this.groups === null) return;
    const { memoryUsedBytes, oomKills } = await readGroupLimits(this.groups);
    if (memoryUsedBytes !== null) this.mostUsedBytes = Math.max(this.mostUsedBytes ?? 0, memoryUsedBytes);
    if (oomKills !== null && this.oomKillsBefore !== null) this.oomKills = oomKills - this.oomKillsBefore;
  }

  record(): TargetLimits | null {
    const { first, oomKills, mostUsedBytes } = this;
    return first === null ? null : { ...first, oomKills, memoryUsedBytes: mostUsedBytes };
  }
}

function smaller(limit: number | null, machine: number | null): number | null {
  return limit === null || machine === null ? (limit ?? machine) : Math.min(limit, machine);
}
