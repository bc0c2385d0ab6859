import type { ProxyFaultSpec } from '../scenario/faultSpec.js';
import type { Fault } from './fault.js';
import { percent, reasonOf } from './wording.js';

/** Any fault of the proxy: in force at once, lifted after `forUs` while the timeline goes on. */
export const lasting: Fault<ProxyFaultSpec> = async (spec, parts) => {
  const { proxy } = parts;
  if (proxy === null) {
    parts.failed(`${spec.kind} needs the fault proxy before the target: through: proxy`);
    return;
  }
  try {
    await proxy.apply(spec);
  } catch (error) {
    parts.failed(`${spec.kind} could not be brought about: ${reasonOf(error)}`);
    return;
  }
  parts.done(inWords(spec));
  parts.background(lift());

  async function lift(): Promise<void> {
    await parts.until(parts.startUs + spec.forUs);
    try {
      await proxy?.lift(spec);
      parts.done(`${spec.kind} is lifted`);
    } catch (error) {
      parts.notMended(`${spec.kind} could not be lifted: ${reasonOf(error)}`);
    }
  }
};

function inWords(spec: ProxyFaultSpec): string {
  const time = `for ${spec.forUs / 1e6} s`;
  switch (spec.kind) {
    case 'refuse':
      return `the proxy refuses new connections ${time}`;
    case 'reset':
      return `the proxy resets ${percent(spec.share)} of the connections ${time}`;
    case 'blackhole':
      return `the proxy lets nothing through on ${percent(spec.share)} of the connections ${time}`;
    case 'latency':
      return `the proxy delays ${percent(spec.share)} of the connections ${time} by ${delay(spec)} each way`;
    case 'bandwidth':
      return `the proxy slows ${percent(spec.share)} of the connections ${time} to ${spec.bytesPerSecond} B/s each way`;
    case 'slow-accept':
      return `the proxy accepts ${spec.perSecond} connections a second ${time}`;
  }
}

function delay({ delayUs, jitterUs }: Extract<ProxyFaultSpec, { kind: 'latency' }>): string {
  const least = delayUs / 1000;
  return jitterUs === 0 ? `${least} ms` : `${least} to ${least + jitterUs / 1000} ms`;
}
