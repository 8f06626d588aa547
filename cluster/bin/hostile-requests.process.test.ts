/** Malicious requests in open sessions: an error, and the member lives on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ByteWriter } from '../base/bytes.ts';
import { zxid } from '../base/ids.ts';
import { clientFrameBytesMax, clientUnsentBytesMax } from '../base/limits.ts';
import { createPart, createZkClient, openAcl } from '../client/client.ts';
import { done } from '../client/testing/outcomes.ts';
import { createSeededRandom } from '../sim/random.ts';
import { zkErrorCodes } from '../zk/errors.ts';
import type { ClientRequest } from '../zk/requests.ts';
import { opcodes } from '../zk/wire/opcodes.ts';
import { appendRequest } from '../zk/wire/request-client.ts';
import { type HostileTarget, startHostileTarget } from './testing/hostile-target.ts';
import { frame, int32, int64, openSession, replyHead, request, text } from './testing/raw-socket.ts';

const random = createSeededRandom('hostile input');
const headerBytes = 8;
/** What the collector may leave lying about; what 15 attacks hold is several times as much. */
const growthBytesMax = 48 * 1024 * 1024;
const data = new Uint8Array([1, 2, 3]);
const acl = openAcl;
const version = -1;

/** One whole request of every kind that has a body. */
const requests: readonly ClientRequest[] = [
  createPart({ path: '/cut', data }),
  { kind: 'create', wantsStat: true, path: '/cut', data, acl, mode: 'ephemeralSequential' },
  { kind: 'delete', path: '/cut', version },
  { kind: 'setData', path: '/cut', data, version },
  { kind: 'setAcl', path: '/cut', acl, version },
  { kind: 'check', path: '/cut', version },
  { kind: 'multi', parts: [createPart({ path: '/cut' }), { kind: 'delete', path: '/cut', version }] },
  { kind: 'exists', path: '/cut', watch: true },
  { kind: 'getData', path: '/cut', watch: true },
  { kind: 'getAcl', path: '/cut' },
  { kind: 'getChildren', path: '/cut', watch: true, withStat: false },
  { kind: 'getChildren', path: '/cut', watch: true, withStat: true },
  { kind: 'sync', path: '/cut' },
  { kind: 'auth', scheme: 'digest', credential: data },
  { kind: 'setWatches', relativeZxid: zxid(0), data: ['/a'], exist: ['/b'], child: ['/c'] },
];

/** The bytes behind a request's length. */
function bodyOf(asked: ClientRequest, xid: number): Uint8Array {
  const writer = new ByteWriter();
  appendRequest(writer, { xid, request: asked });
  return writer.finish().slice(4);
}

describe('an open session', () => {
  let target: HostileTarget;

  beforeAll(async () => {
    target = await startHostileTarget();
  });
  afterEach(() => target.expectUnharmed());
  afterAll(() => target.close());

  it('answers a body cut short anywhere, and keeps the connection', async () => {
    const { socket } = await openSession(target.clientPort(1));
    let xid = 0;
    for (const asked of requests) {
      for (let length = headerBytes; length < bodyOf(asked, xid).length; length += 1) {
        xid += 1;
        socket.send(frame(bodyOf(asked, xid).subarray(0, length)));
        expect({ asked: asked.kind, length, ...(await replyHead(socket)) }).toEqual({
          asked: asked.kind,
          length,
          xid,
          error: zkErrorCodes.marshallingError,
        });
      }
    }
    socket.socket.destroy();
  });

  it('answers bodies with changed bytes, and keeps the connection', async () => {
    const { socket } = await openSession(target.clientPort(1));
    // A wrong scheme ends the connection, as in ZooKeeper.
    const asked = requests.filter(({ kind }) => kind !== 'auth');
    for (let round = 0; round < 600; round += 1) {
      const bytes = bodyOf(random.pick(asked), round);
      for (let change = 0; change < 3; change += 1) {
        bytes[headerBytes + random.below(bytes.length - headerBytes)] = random.below(256);
      }
      expect(await replyHead(socket.send(frame(bytes)))).toMatchObject({ xid: round });
    }
    socket.socket.destroy();
  });

  it('answers "unimplemented" to operations it does not have, and keeps the connection', async () => {
    const { socket } = await openSession(target.clientPort(1));
    const known = new Set<number>(Object.values(opcodes));
    const unknown = [10, 23, 99, 108, 5_000, -9, -12, 2 ** 31 - 1, -(2 ** 31)].filter(
      (code) => !known.has(code),
    );
    const { reconfig, checkWatches, multiRead, sasl, whoAmI, createSession, notification } = opcodes;
    for (const code of [
      ...unknown,
      reconfig,
      checkWatches,
      multiRead,
      sasl,
      whoAmI,
      createSession,
      notification,
    ]) {
      const answer = await replyHead(socket.send(request(3, code, random.bytes(50))));
      expect({ code, ...answer }).toEqual({ code, xid: 3, error: zkErrorCodes.unimplemented });
    }
    socket.socket.destroy();
  });

  it('judges paths of any shape and depth', async () => {
    const { socket } = await openSession(target.clientPort(2));
    const deep = '/a'.repeat(200_000);
    const invalid = ['', 'relative', '/a//b', '/a/', '/..', '/./a', '/a\0b', '/a\u0001', '/a\ud800'];
    const absent = [deep, `/${'x'.repeat(400_000)}/y`];
    const anyone = Buffer.concat([int32(1), int32(31), text('world'), text('anyone')]);
    const create = (path: string): Buffer =>
      request(1, opcodes.create, text(path), int32(0), anyone, int32(0));
    const { badArguments, noNode } = zkErrorCodes;
    for (const path of invalid) {
      const answer = await replyHead(socket.send(create(path)));
      expect({ path, ...answer }).toEqual({ path, xid: 1, error: badArguments });
    }
    for (const path of absent) {
      expect(await replyHead(socket.send(create(path)))).toEqual({ xid: 1, error: noNode });
      const read = request(2, opcodes.getData, text(path), Buffer.alloc(1));
      expect(await replyHead(socket.send(read))).toEqual({ xid: 2, error: noNode });
    }
    const long = `/long-${'x'.repeat(500_000)}`;
    expect(await replyHead(socket.send(create(long)))).toEqual({ xid: 1, error: 0 });
    expect(await replyHead(socket.send(request(3, opcodes.delete, text(long), int32(-1))))).toEqual({
      xid: 3,
      error: 0,
    });
    socket.socket.destroy();
  });

  it('takes vectors and multis as long as a packet, and none that only claims to be', async () => {
    const { socket } = await openSession(target.clientPort(2));
    const paths = Buffer.concat([
      int32(50_000),
      ...Array.from({ length: 50_000 }, (_, at) => text(`/w${at}`)),
    ]);
    socket.send(request(1, opcodes.setWatches, int64(0n), int32(0), paths, int32(0)));
    expect(await replyHead(socket)).toEqual({ xid: 1, error: 0 });
    const part = Buffer.concat([int32(opcodes.check), Buffer.alloc(1), int32(-1), text('/none'), int32(-1)]);
    const end = Buffer.concat([int32(-1), Buffer.of(1), int32(-1)]);
    socket.send(request(2, opcodes.multi, ...Array.from({ length: 20_000 }, () => part), end));
    expect(await replyHead(socket)).toMatchObject({ xid: 2 });
    socket.send(request(3, opcodes.multi, end));
    expect(await replyHead(socket)).toEqual({ xid: 3, error: 0 });
    const nested = Buffer.concat([int32(opcodes.multi), Buffer.alloc(1), int32(-1)]);
    for (const body of [
      [int64(0n), int32(2 ** 31 - 1)],
      [int64(0n), int32(-2)],
    ]) {
      socket.send(request(4, opcodes.setWatches, ...body));
      expect(await replyHead(socket)).toEqual({ xid: 4, error: zkErrorCodes.marshallingError });
    }
    socket.send(request(5, opcodes.multi, ...Array.from({ length: 1_000 }, () => nested), end));
    expect(await replyHead(socket)).toEqual({ xid: 5, error: zkErrorCodes.marshallingError });
    socket.socket.destroy();
  });

  it('waits for a client that asks and does not read, and answers all when it does', async () => {
    const client = createZkClient({ servers: `127.0.0.1:${target.clientPort(1)}` });
    const big = new Uint8Array(1_000_000);
    await done(client.create({ path: '/big', data: big }));
    await client.close();
    const { socket } = await openSession(target.clientPort(1));
    socket.socket.pause();
    const reads = Math.ceil((4 * clientUnsentBytesMax) / big.length);
    for (let xid = 1; xid <= reads; xid += 1) {
      socket.send(request(xid, opcodes.getData, text('/big'), Buffer.alloc(1)));
    }
    await sleep(1_500);
    socket.socket.resume();
    for (let xid = 1; xid <= reads; xid += 1) expect(await replyHead(socket)).toEqual({ xid, error: 0 });
    socket.socket.destroy();
  });

  it('takes a flood of requests without an answer being read in between', async () => {
    const { socket } = await openSession(target.clientPort(3));
    const many = 50_000;
    const malformed = Buffer.concat(
      Array.from({ length: many }, (_, xid) => request(xid, opcodes.create, int32(-7))),
    );
    socket.send(malformed);
    for (let xid = 0; xid < many; xid += 1) {
      expect(await replyHead(socket)).toEqual({ xid, error: zkErrorCodes.marshallingError });
    }
    socket.socket.destroy();
  });

  it('keeps none of the memory that attacks take, however often they come', async () => {
    const port = target.clientPort(1);
    const paths = Array.from({ length: 40_000 }, (_, at) => text(`/watched-${at}`));
    const watches = request(
      1,
      opcodes.setWatches,
      int64(0n),
      int32(0),
      int32(paths.length),
      ...paths,
      int32(0),
    );
    const malformed = Array.from({ length: 3_000 }, (_, xid) => request(xid, opcodes.create, int32(-7)));
    const attack = async (): Promise<void> => {
      const { socket } = await openSession(port);
      expect(await replyHead(socket.send(watches))).toEqual({ xid: 1, error: 0 });
      socket.send(Buffer.concat(malformed));
      for (const _ of malformed) expect(await replyHead(socket)).not.toBeNull();
      socket.send(int32(clientFrameBytesMax)).send(Buffer.alloc(clientFrameBytesMax - 1));
      socket.socket.end();
      await socket.closed();
    };
    const memoryAfter = async (rounds: number): Promise<number> => {
      for (let round = 0; round < rounds; round += 1) await attack();
      // A report comes five times a second.
      await sleep(500);
      return target.memoryBytes(1);
    };
    // The collector's slack comes and goes: the lower of two looks is what is really held.
    const once = await memoryAfter(20);
    await memoryAfter(40);
    const again = Math.min(await memoryAfter(10), await memoryAfter(10));
    expect(again - once).toBeLessThan(growthBytesMax);
  });
});
