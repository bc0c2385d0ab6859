import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { nowUs } from '../clock.js';
import { TargetError } from '../errors.js';
import type { TargetSpec } from '../scenario/scenario.js';

export interface ResolvedHost {
  /** Literal addresses, every one of them allowed, in the order of the resolver. */
  readonly addresses: readonly string[];
  readonly dnsUs: number | null;
}

/**
 * Resolves the target's name once and sees to it that load goes nowhere by accident: every address must be of
 * the loopback interface, unless the user has named the host with `--allow-target`.
 */
export async function resolveTarget(url: URL, allowTargets: readonly string[]): Promise<ResolvedHost> {
  const host = hostOf(url);
  const startUs = nowUs();
  const addresses = isIP(host) ? [host] : await resolve(host);
  const dnsUs = isIP(host) ? null : nowUs() - startUs;
  const outside = addresses.filter((address) => !isLoopback(address));
  if (outside.length > 0 && !isAllowed(host, portOf(url), allowTargets)) {
    throw new TargetError(
      `${host} is ${isIP(host) ? '' : `${outside.join(', ')}, `}not an address of this machine's loopback interface. ` +
        `wsherd sends load elsewhere only when told so: add --allow-target ${url.hostname}:${portOf(url)} if that server is yours to test.`,
    );
  }
  return { addresses, dnsUs };
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new TargetError(
      `The name ${host} cannot be resolved (${code}). Check its spelling, or give an address.`,
    );
  }
}

function isAllowed(host: string, port: number, allowTargets: readonly string[]): boolean {
  const names = [host, `[${host}]`].flatMap((name) => [name, `${name}:${port}`]);
  return allowTargets.some((allowed) => names.includes(allowed.toLowerCase()));
}

/** The host name or literal address of a URL, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'wss:' || url.protocol === 'https:' ? 443 : 80;
}

/** True for literal addresses of the loopback interface: 127.0.0.0/8, ::1 and the former mapped into IPv6. */
export function isLoopback(address: string): boolean {
  if (isIP(address) === 4) return address.startsWith('127.');
  return address === '::1' || /^::ffff:(127\.|7f[0-9a-f]{2}:)/i.test(address);
}

/** Whether the target's processes run on this machine, as far as its description tells. */
export function isLocalSpec(spec: TargetSpec): boolean {
  if (spec.kind !== 'url') return true;
  const host = hostOf(new URL(spec.url));
  return spec.pid !== null || host === 'localhost' || isLoopback(host);
}
