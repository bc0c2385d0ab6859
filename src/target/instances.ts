import { sumCounts } from '../result/books.js';
import type { InstanceLedger, RunningTarget, TargetLifecycle } from './target.js';

/**
 * Starts so many of a target side by side, each on a port of its own; what then is asked of them as one is asked of each.
 * Throws what the first that fails to start throws, when the others have ended again.
 */
export async function startInstances(
  count: number,
  startOne: () => Promise<RunningTarget>,
): Promise<RunningTarget> {
  if (count === 1) return startOne();
  const starting = await Promise.allSettled(Array.from({ length: count }, startOne));
  const instances = starting.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starting.find((start) => start.status === 'rejected');
  if (failed === undefined) return asOne(instances);
  await stopAll(instances);
  throw failed.reason;
}

function asOne(instances: readonly RunningTarget[]): RunningTarget {
  const [first, ...others] = instances;
  if (first === undefined) throw new Error('a target has at least one instance');
  const disconnects = instances.flatMap(({ disconnect }) => disconnect ?? []);
  return {
    ...first,
    name: `${first.name}, ${1 + others.length} instances`,
    urls: instances.flatMap(({ urls }) => urls),
    processes: () => instances.flatMap((instance) => instance.processes()),
    async ledgers() {
      return bySpell(await Promise.all(instances.map((instance) => instance.ledgers())));
    },
    lifecycle: asOneLifecycle(instances.flatMap(({ lifecycle }) => lifecycle ?? [])),
    disconnect:
      disconnects.length === 0
        ? null
        : async (order) => {
            const ended = await Promise.all(disconnects.map((disconnect) => disconnect(order)));
            return ended.reduce((sum, connections) => sum + connections, 0);
          },
    stop: () => stopAll(instances),
  };
}

/** All end and start together. */
function asOneLifecycle(lifecycles: readonly TargetLifecycle[]): TargetLifecycle {
  return {
    startedInUs: Math.max(...lifecycles.map(({ startedInUs }) => startedInUs)),
    async end(signal, graceUs) {
      await Promise.all(lifecycles.map((lifecycle) => lifecycle.end(signal, graceUs)));
    },
    async startAgain() {
      await Promise.all(lifecycles.map((lifecycle) => lifecycle.startAgain()));
    },
  };
}

/** What all counted from one start to the next, added up. */
function bySpell(ledgers: ReadonlyArray<readonly InstanceLedger[]>): InstanceLedger[] {
  const spells = Math.max(...ledgers.map(({ length }) => length));
  return Array.from({ length: spells }, (_, spell) => {
    const counted = ledgers.flatMap((ofInstance) => ofInstance[spell] ?? []);
    return {
      counts: sumCounts(counted.map(({ counts }) => counts)),
      killed: counted.some(({ killed }) => killed),
    };
  });
}

async function stopAll(instances: readonly RunningTarget[]): Promise<void> {
  await Promise.all(instances.map((instance) => instance.stop()));
}
