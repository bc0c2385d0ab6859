/** What one shard cost, as `shardProcess.mjs` sends it. */
export interface ShardReport {
  readonly opened: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly during: Readonly<Record<string, number>>;
}

export function runShard(settings: {
  readonly population: object;
  readonly connect?: object;
  readonly warmUpSeconds?: number;
  readonly seconds?: number;
  readonly steps?: number;
}): Promise<ShardReport>;
