import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { engineNames, Line, type LineOptions } from './line.js';
import { encode, Opcode, type ServerFrame, serverFrame } from './serverFrames.js';
import { answering, switching, wsServer } from './servers.js';

const soon = { closeTimeoutUs: 200_000 };

describe.each(engineNames)('engine %s', (engine) => {
  async function openTo(onPeer: (peer: WebSocket) => void, options?: LineOptions): Promise<Line> {
    const { port } = await wsServer(onPeer);
    const line = new Line(engine, port, options);
    await line.until('open');
    return line;
  }

  /** Opens to a bare socket that says `frames` at once and then does as told. */
  async function openToBare(frames: ServerFrame[], then: (socket: Socket) => void, options?: LineOptions) {
    const bytes = Buffer.concat(frames.map(encode)).toString('latin1');
    const { port } = await answering((key) => switching(key) + bytes, then);
    const line = new Line(engine, port, options);
    await line.until('open');
    return line;
  }

  describe('the server closes', () => {
    test.each([1000, 1001, 1008, 1011, 1012, 1013, 3008, 4000, 4999])('with %i', async (code) => {
      const echoed: number[] = [];
      const line = await openTo((peer) => {
        peer.on('close', (answer) => echoed.push(answer));
        peer.close(code, 'see you <b>later</b>');
      });
      expect(await line.until('closed')).toEqual({
        initiator: 'server',
        code,
        cause: 'close-frame',
        example: 'see you <b>later</b>',
      });
      await expect.poll(() => echoed).toEqual([code]);
    });

    test('with a reason of 123 bytes', async () => {
      const reason = `${'é'.repeat(61)}!`;
      const line = await openTo((peer) => peer.close(1000, reason));
      expect(await line.until('closed')).toMatchObject({ example: reason });
    });

    test('with an empty close frame, which has no code', async () => {
      const line = await openTo((peer) => peer.close());
      expect(await line.until('closed')).toEqual({
        initiator: 'server',
        code: null,
        cause: 'close-frame',
        example: '',
      });
    });

    test('after messages, all of which arrive first', async () => {
      const line = await openTo((peer) => {
        for (let i = 0; i < 50; i++) peer.send('x'.repeat(5_000));
        peer.close(1001);
      });
      expect(await line.until('closed')).toMatchObject({ initiator: 'server', code: 1001 });
      expect(line.events.filter(({ kind }) => kind === 'message')).toHaveLength(50);
    });

    test('and ends the stream without awaiting our answer: the close frame counts', async () => {
      const line = await openToBare([serverFrame(Opcode.close, Buffer.from([0x03, 0xf4]))], (socket) => {
        socket.end();
      });
      expect(await line.until('closed')).toMatchObject({
        initiator: 'server',
        code: 1012,
        cause: 'close-frame',
      });
    });

    test('and never ends the stream: the close frame counts once the time is up', async () => {
      const line = await openToBare(
        [serverFrame(Opcode.close, Buffer.from([0x03, 0xf4]))],
        (socket) => {
          socket.allowHalfOpen = true;
        },
        { settings: soon },
      );
      expect(await line.until('closed')).toMatchObject({
        initiator: 'server',
        code: 1012,
        cause: 'close-frame',
      });
    });
  });

  test('once either end has begun to close, the connection is no longer one to send on', async () => {
    const halfOpen = (socket: Socket): void => {
      socket.allowHalfOpen = true;
    };
    const closeFrame = serverFrame(Opcode.close, Buffer.from([0x03, 0xf4]));
    const closedByServer = await openToBare([closeFrame], halfOpen, { settings: soon });
    await expect.poll(() => closedByServer.connection.isSendable).toBe(false);
    const closedByUs = await openToBare([], halfOpen, { settings: soon });
    expect(closedByUs.connection.isSendable).toBe(true);
    closedByUs.connection.close(1000, '', 'local-close');
    expect(closedByUs.connection.isSendable).toBe(false);
    await Promise.all([closedByServer.until('closed'), closedByUs.until('closed')]);
  });

  describe('we close', () => {
    test.each([1000, 1001, 3000, 4999])('with %i, and the server hears code and reason', async (code) => {
      const heard: unknown[] = [];
      const line = await openTo((peer) => {
        peer.on('close', (...close) => heard.push([close[0], close[1].toString()]));
      });
      line.connection.close(code, 'end of run', 'local-close');
      expect(await line.until('closed')).toEqual({
        initiator: 'client',
        code,
        cause: 'local-close',
        example: 'end of run',
      });
      await expect.poll(() => heard).toEqual([[code, 'end of run']]);
    });

    test('and what the server had sent before still arrives', async () => {
      const line = await openTo((peer) => {
        peer.on('message', () => {
          for (let i = 0; i < 20; i++) peer.send('late');
        });
      });
      line.connection.send(Buffer.from('go'), false);
      line.connection.close(1000, '', 'heartbeat-timeout');
      expect(await line.until('closed')).toMatchObject({ cause: 'heartbeat-timeout' });
      expect(line.events.filter(({ kind }) => kind === 'message')).toHaveLength(20);
    });

    test('and the server never answers: cut off when the time is up', async () => {
      const line = await openToBare([], () => {}, { settings: soon });
      line.connection.close(1000, '', 'local-close');
      expect(await line.until('closed')).toMatchObject({
        initiator: 'client',
        code: null,
        cause: 'local-abort',
      });
    });

    test('and the server ends the stream without a close frame: that is no close handshake', async () => {
      const line = await openToBare([], (socket) => socket.once('data', () => socket.end()));
      line.connection.close(1000, '', 'local-close');
      expect(await line.until('closed')).toEqual({
        initiator: 'network',
        code: null,
        cause: 'fin',
        example: '',
      });
    });

    test('and the server answers but never ends the stream: that is a close', async () => {
      const answer = encode(serverFrame(Opcode.close, Buffer.from([0x03, 0xe8])));
      const line = await openToBare(
        [],
        (socket) => {
          socket.allowHalfOpen = true;
          socket.once('data', () => socket.write(answer));
        },
        { settings: soon },
      );
      line.connection.close(1000, '', 'local-close');
      expect(await line.until('closed')).toMatchObject({
        initiator: 'client',
        code: 1000,
        cause: 'local-close',
      });
    });

    test('twice: the second call does nothing, nor does anything after the end', async () => {
      const line = await openTo(() => {});
      line.connection.close(1000, 'first', 'local-close');
      line.connection.close(4000, 'second', 'fault');
      line.connection.send(Buffer.from('late'), false);
      expect(await line.until('closed')).toMatchObject({ code: 1000, example: 'first' });
      line.connection.abort('fault');
      line.connection.ping(Buffer.from('late'));
      expect(line.events.at(-1)?.kind).toBe('closed');
    });

    test.each([
      [1005, ''],
      [1006, ''],
      [999, ''],
      [5000, ''],
      [1000, 'x'.repeat(124)],
    ])('never with code %i and reason "%s"', async (code, reason) => {
      const line = await openTo(() => {});
      expect(() => line.connection.close(code, reason, 'local-close')).toThrow(RangeError);
    });
  });

  describe('the stream ends without a close frame', () => {
    test('by FIN', async () => {
      const line = await openToBare([], (socket) => socket.end());
      expect(await line.until('closed')).toEqual({
        initiator: 'network',
        code: null,
        cause: 'fin',
        example: '',
      });
    });

    test('by FIN in the middle of a frame', async () => {
      const line = await openToBare(
        [serverFrame(Opcode.text, Buffer.from('cut'), { claimedBytes: 100 })],
        (socket) => socket.end(),
      );
      expect(await line.until('closed')).toMatchObject({ initiator: 'network', cause: 'fin' });
    });

    test('by RST', async () => {
      const line = await openToBare([], (socket) => setTimeout(() => socket.resetAndDestroy(), 20));
      expect(await line.until('closed')).toMatchObject({ initiator: 'network', code: null, cause: 'reset' });
    });

    test.each(['local-abort', 'heartbeat-timeout', 'fault'] as const)(
      'by our own %s, at once',
      async (cause) => {
        let reset = '';
        const line = await openToBare([], (socket) => {
          socket.on('error', (error) => {
            reset = String(error);
          });
        });
        line.connection.abort(cause);
        expect(line.events.at(-1)).toMatchObject({
          kind: 'closed',
          value: { initiator: 'client', code: null, cause },
        });
        await expect.poll(() => reset).toContain('ECONNRESET');
      },
    );
  });

  const text = (bytes: number[], changes: Partial<ServerFrame> = {}) =>
    serverFrame(Opcode.text, Buffer.from(bytes), changes);
  test.each<[string, ServerFrame, number, string]>([
    ['a masked frame', text([1], { masked: true }), 1002, 'protocol-error'],
    ['a reserved bit', text([1], { rsv: 2 }), 1002, 'protocol-error'],
    ['a compressed frame unasked', text([1], { rsv: 4 }), 1002, 'protocol-error'],
    ['a reserved opcode', serverFrame(5, Buffer.alloc(0)), 1002, 'protocol-error'],
    ['a fragmented ping', serverFrame(Opcode.ping, Buffer.alloc(0), { fin: false }), 1002, 'protocol-error'],
    ['close code 1006', serverFrame(Opcode.close, Buffer.from([0x03, 0xee])), 1002, 'protocol-error'],
    ['bad UTF-8', text([0xff]), 1007, 'invalid-utf8'],
    ['a length of 2^62', text([1], { claimedBytes: 2 ** 62 }), 1009, 'message-too-big'],
  ])('%s of the server is answered with its code', async (_rule, frame, code, cause) => {
    let heard = Buffer.alloc(0);
    const line = await openToBare([serverFrame(Opcode.text, Buffer.from('fine')), frame], (socket) => {
      socket.on('data', (bytes) => {
        heard = Buffer.concat([heard, bytes]);
      });
    });
    await line.until('message');
    const close = await line.until('closed');
    expect(close).toMatchObject({ initiator: 'client', code, cause });
    expect(close.example).not.toBe('');
    await expect.poll(() => heard.length).toBe(8);
    const [byte6 = 0, byte7 = 0] = heard.subarray(6);
    expect([heard[0], ((byte6 ^ (heard[2] ?? 0)) << 8) | (byte7 ^ (heard[3] ?? 0))]).toEqual([0x88, code]);
  });
});
