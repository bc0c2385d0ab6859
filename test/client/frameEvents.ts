import { Receiver, type ReceiverSettings } from 'ws';
import { FrameReader, type FrameSink } from '../../src/client/frameReader.js';

/** What a reader made of a byte stream, comparable by value. */
export type FrameEvent =
  | ['message', binary: boolean, hex: string]
  | ['ping' | 'pong', hex: string]
  | ['close', code: number | null, reason: string]
  | ['broken', code: number];

/** A sink that writes down what it hears. */
export class RecordingSink implements FrameSink {
  readonly events: FrameEvent[] = [];
  onCompressed(_buffer: Buffer, _start: number, _end: number, _binary: boolean, _receivedUs: number): void {
    throw new Error('nothing was compressed');
  }
  onMessage(buffer: Buffer, start: number, end: number, binary: boolean): void {
    this.events.push(['message', binary, buffer.toString('hex', start, end)]);
  }
  onPing(buffer: Buffer, start: number, end: number): void {
    this.events.push(['ping', buffer.toString('hex', start, end)]);
  }
  onPong(buffer: Buffer, start: number, end: number): void {
    this.events.push(['pong', buffer.toString('hex', start, end)]);
  }
  onCloseFrame(code: number | null, reason: string): void {
    this.events.push(['close', code, reason]);
  }
  onBrokenRule(code: number): void {
    this.events.push(['broken', code]);
  }
}

/** What our reader finds in the pieces; each lies in a shared buffer that is overwritten after its read. */
export function readByUs(pieces: readonly Buffer[], maxMessageBytes: number): FrameEvent[] {
  const sink = new RecordingSink();
  const reader = new FrameReader(sink, { maxMessageBytes }, false);
  const margin = 7;
  const shared = Buffer.alloc(margin + Math.max(0, ...pieces.map((piece) => piece.length)));
  for (const piece of pieces) {
    piece.copy(shared, margin);
    reader.read(shared, margin, margin + piece.length, 0);
    shared.fill(0xee);
  }
  return sink.events;
}

/** What the receiver of `ws` finds in the pieces. */
export function readByWs(pieces: readonly Buffer[], settings: ReceiverSettings): Promise<FrameEvent[]> {
  const events: FrameEvent[] = [];
  const receiver = new Receiver({ isServer: false, allowSynchronousEvents: true, ...settings });
  receiver.on('message', (message: Buffer, binary: boolean) => {
    events.push(['message', binary, message.toString('hex')]);
  });
  receiver.on('ping', (payload: Buffer) => events.push(['ping', payload.toString('hex')]));
  receiver.on('pong', (payload: Buffer) => events.push(['pong', payload.toString('hex')]));
  receiver.on('conclude', (code: number, reason: Buffer) => {
    events.push(['close', code === 1005 ? null : code, reason.toString()]);
  });
  return new Promise((resolve) => {
    receiver.on('finish', () => resolve(events));
    receiver.on('error', (error: Error) => {
      events.push(['broken', statusCode(error)]);
      resolve(events);
    });
    for (const piece of pieces) {
      if (!receiver.writableEnded && receiver.writable) receiver.write(piece);
    }
    if (!receiver.writableEnded) receiver.end();
  });
}

/** `ws` keeps the close code of an error under a symbol that it does not export. */
function statusCode(error: Error): number {
  const symbol = Object.getOwnPropertySymbols(error).find(({ description }) => description === 'status-code');
  const code: unknown = symbol === undefined ? undefined : Reflect.get(error, symbol);
  if (typeof code !== 'number') throw error;
  return code;
}
