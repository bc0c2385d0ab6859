import type { Peer } from '../peer.js';

export interface SlowOptions {
  /** For a client whose queue is too long: nothing, no more copies until it is shorter, or the end of its connection. */
  readonly policy: 'none' | 'drop-slow' | 'disconnect-slow';
  /** Bytes in the queue of one client past which it is slow. */
  readonly aboveBytes: number;
}

/** RFC 6455 has no code of its own for this; 1013 of the IANA registry asks a client to come back later. */
const TRY_AGAIN_LATER = 1013;
/** The close frame waits behind all that the client has not read: it may never see it. */
const CLOSE_WITHIN_MS = 1000;

/** What is done about clients that read more slowly than they are written to. */
export class SlowClients {
  readonly #terminations = new Set<NodeJS.Timeout>();

  constructor(private readonly options: SlowOptions) {}

  /** True: the client gets no copy now. */
  turnsAway(peer: Peer): boolean {
    const { policy, aboveBytes } = this.options;
    if (policy === 'none' || peer.bufferedAmount <= aboveBytes) return false;
    if (policy === 'disconnect-slow') this.#disconnect(peer);
    return true;
  }

  stop(): void {
    for (const termination of this.#terminations) clearTimeout(termination);
  }

  #disconnect(peer: Peer): void {
    peer.close(TRY_AGAIN_LATER, 'too slow');
    const termination = setTimeout(() => {
      this.#terminations.delete(termination);
      peer.terminate();
    }, CLOSE_WITHIN_MS);
    this.#terminations.add(termination);
    peer.once('close', () => {
      this.#terminations.delete(termination);
      clearTimeout(termination);
    });
  }
}
