import { TargetError } from '../errors.js';
import type { TargetSpec } from '../scenario/scenario.js';
import { waitForAccept } from './accepting.js';
import { readProcess } from './procfs.js';
import { isLoopback, portOf, resolveTarget } from './safety.js';
import type { RunningTarget, StartOptions } from './target.js';

/** A target that already runs: wsherd neither starts nor ends it. */
export async function attachUrl(
  spec: Extract<TargetSpec, { kind: 'url' }>,
  options: StartOptions,
): Promise<RunningTarget> {
  const url = new URL(spec.url);
  const { pid } = spec;
  if (pid !== null && (await readProcess(pid)) === null) {
    throw new TargetError(
      `target.pid: there is no process ${pid} to watch; leave pid out or give the server's.`,
    );
  }
  const { addresses, dnsUs } = await resolveTarget(url, options.allowTargets);
  const address = await firstAccepting(spec.url, addresses, portOf(url), options);
  return {
    kind: 'url',
    name: spec.url,
    url,
    urls: [url],
    address,
    dnsUs,
    ca: null,
    local: pid !== null || isLoopback(address),
    processes: () => (pid === null ? [] : [{ pid, port: url.port === '' ? null : portOf(url) }]),
    ledgers: async () => [],
    lifecycle: null,
    disconnect: null,
    stop: async () => {},
  };
}

/** A name may stand for addresses that nobody listens on, such as ::1 for localhost. */
async function firstAccepting(
  url: string,
  addresses: readonly string[],
  port: number,
  { waitUs, interrupt }: StartOptions,
): Promise<string> {
  let found = false;
  const failures = await Promise.all(
    addresses.map(async (address) => {
      const failure = await waitForAccept(address, port, waitUs, () => found || interrupt?.aborted === true);
      found ||= failure === null;
      return failure;
    }),
  );
  const accepting = addresses[failures.indexOf(null)];
  if (accepting !== undefined) return accepting;
  throw new TargetError(
    `${url} does not accept connections (${failures[0]}). Start the server, or let wsherd wait for it: --wait-for-target 30s.`,
  );
}
