/** Garbage and malice on the client ports: an error or a closed connection, and the member lives on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientConnectionsMax, clientFrameBytesMax } from '../base/limits.ts';
import { createSeededRandom } from '../sim/random.ts';
import { opcodes } from '../zk/wire/opcodes.ts';
import { type HostileTarget, startHostileTarget } from './testing/hostile-target.ts';
import {
  connectAnswer,
  connectRequest,
  frame,
  int32,
  openSession,
  RawSocket,
  replyHead,
  request,
  text,
} from './testing/raw-socket.ts';

const random = createSeededRandom('hostile input');
const badLengths = [-1, -(2 ** 31), 2 ** 31 - 1, clientFrameBytesMax + 1];

describe('the client port', () => {
  let target: HostileTarget;

  beforeAll(async () => {
    target = await startHostileTarget();
  });
  afterEach(() => target.expectUnharmed());
  afterAll(() => target.close());

  it('closes on random bytes', async () => {
    const sockets = Array.from({ length: 300 }, () => new RawSocket(target.clientPort(1)));
    for (const socket of sockets) socket.socket.end(random.bytes(1 + random.below(4_000)));
    await Promise.all(sockets.map((socket) => socket.closed()));
  });

  it('closes on impossible lengths, before the session and in it', async () => {
    for (const length of badLengths) {
      await new RawSocket(target.clientPort(1)).send(int32(length)).closed();
      const { socket } = await openSession(target.clientPort(1));
      await socket.send(int32(length)).closed();
    }
    await new RawSocket(target.clientPort(1)).send(frame()).closed();
    const { socket } = await openSession(target.clientPort(1));
    await socket.send(frame(int32(1))).closed();
  });

  it('lets go of frames that are never finished', async () => {
    for (let round = 0; round < 50; round += 1) {
      const { socket } = await openSession(target.clientPort(2));
      socket.send(int32(clientFrameBytesMax)).send(Buffer.alloc(200_000));
      socket.socket.end();
      await socket.closed();
    }
  });

  it('answers a client that sends one byte at a time', async () => {
    const socket = await new RawSocket(target.clientPort(1)).connected();
    socket.socket.setNoDelay(true);
    const bytes = Buffer.concat([connectRequest(), request(1, opcodes.exists, text('/'), Buffer.alloc(1))]);
    for (const byte of bytes) {
      socket.send(Uint8Array.of(byte));
      await sleep(1);
    }
    expect(await connectAnswer(socket)).toMatchObject({ timeoutMs: 10_000 });
    expect(await replyHead(socket)).toEqual({ xid: 1, error: 0 });
    socket.socket.destroy();
  });

  it('ends handshakes that never come, and outlives resets', async () => {
    const silent = Array.from({ length: 100 }, () => new RawSocket(target.clientPort(1)));
    const slow = Array.from({ length: 100 }, () => new RawSocket(target.clientPort(1)).send(Buffer.alloc(3)));
    for (let round = 0; round < 100; round += 1) {
      const { socket } = await openSession(target.clientPort(1));
      socket.send(request(1, opcodes.getData, text('/'), Buffer.alloc(1))).socket.resetAndDestroy();
    }
    await Promise.all([...silent, ...slow].map((socket) => socket.closed()));
  });

  it('takes no more connections than its limit, and none from those it has', async () => {
    const surplus = 200;
    const { socket: early } = await openSession(target.clientPort(3));
    const flood = Array.from(
      { length: clientConnectionsMax + surplus },
      () => new RawSocket(target.clientPort(3)),
    );
    await expect
      .poll(() => flood.filter(({ isClosed }) => isClosed).length, { timeout: 5_000 })
      .toBeGreaterThan(surplus);
    // The console and the early client hold the others.
    expect(flood.filter(({ isClosed }) => isClosed).length).toBeLessThan(surplus + 5);
    expect(await replyHead(early.send(request(1, opcodes.exists, text('/'), Buffer.alloc(1))))).toEqual({
      xid: 1,
      error: 0,
    });
    for (const { socket } of [...flood, early]) socket.destroy();
  });

  it('gives no session away for a forged id or password', async () => {
    const { socket: owner, session } = await openSession(target.clientPort(1));
    const ids = [-1n, -(2n ** 63n), 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, session.sessionId + 1n];
    const passwords = [
      int32(-1),
      int32(0),
      Buffer.concat([int32(15), Buffer.alloc(15)]),
      Buffer.concat([int32(16), Buffer.alloc(16)]),
      Buffer.concat([int32(500_000), Buffer.alloc(500_000)]),
      Buffer.concat([int32(17), session.password.subarray(4), Buffer.alloc(1)]),
    ];
    const forged = [
      ...ids.map((sessionId) => ({ sessionId, password: session.password })),
      ...passwords.map((password) => ({ sessionId: session.sessionId, password })),
    ];
    for (const claim of forged) {
      const thief = new RawSocket(target.clientPort(2)).send(connectRequest(claim));
      expect(await connectAnswer(thief)).toMatchObject({ timeoutMs: 0, sessionId: 0n });
      await thief.closed();
    }
    for (const password of [int32(-2), int32(2 ** 31 - 1), int32(17)]) {
      const { sessionId } = session;
      await new RawSocket(target.clientPort(2)).send(connectRequest({ sessionId, password })).closed();
    }
    expect(await replyHead(owner.send(request(1, opcodes.exists, text('/'), Buffer.alloc(1))))).toEqual({
      xid: 1,
      error: 0,
    });
    owner.socket.destroy();
  });

  it('bounds timeouts, and refuses clients from the future', async () => {
    for (const [timeoutMs, granted] of [
      [-(2 ** 31), 4_000],
      [0, 4_000],
      [2 ** 31 - 1, 40_000],
    ] as const) {
      const socket = new RawSocket(target.clientPort(1)).send(
        connectRequest({ timeoutMs, lastZxidSeen: -1n }),
      );
      expect((await connectAnswer(socket))?.timeoutMs).toBe(granted);
      socket.socket.destroy();
    }
    const future = new RawSocket(target.clientPort(1)).send(connectRequest({ lastZxidSeen: 2n ** 63n - 1n }));
    expect(await connectAnswer(future)).toBeNull();
  });
});
