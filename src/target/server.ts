import { nowUs } from '../clock.js';
import { TargetError } from '../errors.js';
import type { TargetSpec } from '../scenario/scenario.js';
import type { Certificate } from '../servers/certificate.js';
import { freePort, LOOPBACK } from './accepting.js';
import { ServerProcess } from './serverProcess.js';
import { balancedCounts } from './serverStats.js';
import type { InstanceLedger, LaunchOptions, RunningTarget } from './target.js';

const STOP_GRACE_US = 3_000_000;

/** A reference server in a process of its own, which ends when this one does, however that ends. */
export async function startServer(
  spec: Pick<Extract<TargetSpec, { kind: 'server' }>, 'server' | 'options'>,
  /** To serve with, and to go on with when it is started again; null without TLS. */
  certificate: Certificate | null,
  options: LaunchOptions,
): Promise<RunningTarget> {
  const { logFile, measuresMemory, keepsLedger = false, probePath, onExit } = options;
  const wishes = keepsLedger && !spec.options.port ? { port: await freePort() } : {};
  const instances: ServerProcess[] = [];
  let stopped = false;

  function launch(more: object): ServerProcess {
    const serverOptions = { ...spec.options, ...more };
    const common = { certificate, logFile, measuresMemory, keepsLedger, probePath };
    const instance = new ServerProcess({ server: spec.server, options: serverOptions, ...common }, onExit);
    instances.push(instance);
    return instance;
  }

  const startUs = nowUs();
  let present = launch(wishes);
  const { port, scheme, ca } = await present.whenReady();
  const startedInUs = nowUs() - startUs;
  const url = new URL(`${scheme}://${LOOPBACK}:${port}/`);
  return {
    kind: 'server',
    name: `reference server ${spec.server}`,
    url,
    urls: [url],
    address: LOOPBACK,
    dnsUs: null,
    ca,
    local: true,
    processes: () => instances.flatMap(({ pid }) => (pid === null ? [] : [{ pid, port }])),
    async ledgers() {
      const ledgers = await Promise.all(instances.map((instance) => ledgerOf(instance, url, ca)));
      return ledgers.filter((ledger) => ledger !== null);
    },
    lifecycle: {
      startedInUs,
      end: (signal, graceUs) => present.stop(signal, graceUs),
      async startAgain() {
        if (stopped) throw new TargetError('wsherd has ended the target for good.');
        present = launch({ port });
        await present.whenReady();
      },
    },
    disconnect: (order) => present.disconnect(order),
    async stop() {
      stopped = true;
      await Promise.all(instances.map((instance) => instance.stop('SIGTERM', STOP_GRACE_US)));
    },
  };
}

/** Null when it kept none, or does not answer. */
async function ledgerOf({ end }: ServerProcess, url: URL, ca: string | null): Promise<InstanceLedger | null> {
  const counts = end === null ? await balancedCounts(url, ca) : end.ledger;
  return counts === null ? null : { counts, killed: end?.killed ?? false };
}
