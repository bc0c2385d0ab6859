import type { Ledger } from './ledger.js';

/** RFC 9112 section 4: `HTTP/1.1 101`; what follows is of no interest. */
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})$/;
const STATUS_LINE_LENGTH = 'HTTP/1.1 101'.length;

/** Counts how the target answers the first request of a connection, from the first bytes that it sends. */
export class Answer {
  private head = '';
  private counted = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly secure: boolean,
  ) {}

  /** The target has answered; under TLS: it has sent anything at all. */
  get isThere(): boolean {
    return this.counted;
  }

  read(chunk: Buffer): void {
    if (this.counted) return;
    if (this.secure) {
      this.counted = true;
      return;
    }
    this.head += chunk.toString('latin1', 0, STATUS_LINE_LENGTH - this.head.length);
    if (this.head.length < STATUS_LINE_LENGTH) return;
    this.counted = true;
    const status = STATUS_LINE.exec(this.head)?.[1];
    if (status === '101') this.ledger.opened++;
    else if (status !== undefined) this.ledger.refused[status] = (this.ledger.refused[status] ?? 0) + 1;
  }
}
