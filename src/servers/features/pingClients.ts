import type { Feature } from '../feature.js';
import type { HeartbeatOptions } from '../options.js';

/** Pings all clients in rounds, one timer for all, and terminates those that leave a ping unanswered. */
export function pingClients({ everyUs, timeoutUs }: HeartbeatOptions): Feature {
  return ({ ledger, peers }) => {
    let round = 0;
    const deadlines = new Set<NodeJS.Timeout>();

    function terminateSilent(sinceRound: number): void {
      for (const peer of peers) {
        if (peer.pongRound >= sinceRound || peer.readyState !== peer.OPEN) continue;
        ledger.terminated++;
        peer.terminate();
      }
    }

    function pingAll(): void {
      if (timeoutUs === null) terminateSilent(round);
      round++;
      for (const peer of peers) peer.ping();
      if (timeoutUs !== null) terminateAfter(timeoutUs, round);
    }

    function terminateAfter(delayUs: number, pingedRound: number): void {
      const deadline = setTimeout(() => {
        deadlines.delete(deadline);
        terminateSilent(pingedRound);
      }, delayUs / 1000);
      deadlines.add(deadline);
    }

    const rounds = setInterval(pingAll, everyUs / 1000);
    return {
      onOpen: (peer) => {
        peer.pongRound = round;
      },
      onPong: (peer) => {
        peer.pongRound = round;
      },
      stats: () => ({ pingRounds: round }),
      stop: () => {
        clearInterval(rounds);
        for (const deadline of deadlines) clearTimeout(deadline);
      },
    };
  };
}
