/** The process of the fault proxy: `node dist/proxy/main.js '<settings as JSON>'`, forked by start.ts. */
import { LOOPBACK } from './entrance.js';
import { FaultProxy } from './faultProxy.js';
import type { NumberedOrder, ProxyAnswer, ProxyMessage, ProxyOrder, ProxySettings } from './messages.js';

// The proxy must not outlive whoever started it, however that one ended.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();
// Ctrl-C is for wsherd alone, which then says what is to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => process.exit());

const settings: ProxySettings = JSON.parse(process.argv[2] ?? '');
const proxy = new FaultProxy(settings);
try {
  const port = await proxy.open();
  process.on('message', carryOut);
  tell({ kind: 'listening', address: LOOPBACK, port });
} catch (error) {
  tell({ kind: 'not-started', message: String(error) });
  process.disconnect();
}

async function carryOut({ id, order }: NumberedOrder): Promise<void> {
  const answer = await answerTo(order).catch(
    (error): ProxyAnswer => ({ kind: 'failed', message: String(error) }),
  );
  tell({ kind: 'answer', id, answer });
}

async function answerTo(order: ProxyOrder): Promise<ProxyAnswer> {
  switch (order.kind) {
    case 'apply':
      await proxy.apply(order.fault);
      return { kind: 'done' };
    case 'lift':
      await proxy.lift(order.fault);
      return { kind: 'done' };
    case 'disconnect':
      return { kind: 'ended', connections: proxy.disconnect(order.share, order.how) };
    case 'upstream':
      await proxy.setUpstream(order.isUp);
      return { kind: 'done' };
    case 'counts':
      return { kind: 'counts', counts: proxy.counts() };
  }
}

function tell(message: ProxyMessage): void {
  process.send?.(message);
}
