import { UsageError } from '../errors.js';
import { isServerName, servers } from './list.js';
import { readServerOptions } from './options.js';
import { NOTHING_GIVEN, type RunningServer, type ServerSetUp, startReference } from './reference.js';

/**
 * Starts a reference server in this process. Throws `UsageError` for an unknown name or wrong options, with all
 * of what is wrong, and `TargetError` when it cannot listen or cannot make a certificate.
 */
export async function startServer(
  name: string,
  given: unknown,
  setUp: ServerSetUp = NOTHING_GIVEN,
): Promise<RunningServer> {
  if (!isServerName(name)) {
    const known = Object.keys(servers).join(', ');
    throw new UsageError(`unknown server ${JSON.stringify(name)} (there are ${known})`);
  }
  const { options: groups, load } = servers[name];
  const options = readServerOptions(given, groups);
  return startReference(name, await load(), options, setUp);
}
