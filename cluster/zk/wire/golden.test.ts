/**
 * Bytes recorded from others: the requests from kazoo 2.8's serializers, the replies from Apache
 * ZooKeeper 3.8. Ours must read them, and write the same.
 */
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { type SessionId, sessionId, type Zxid, zxid } from '../../base/ids.ts';
import type { Acl, CreateMode, Stat } from '../records.ts';
import type { ClientRequest, TreeWrite } from '../requests.ts';
import { decodeConnectRequest, encodeConnectResponse } from './connect.ts';
import { decodeConnectResponse, encodeConnectRequest, noSession } from './connect-client.ts';
import { encodeReply, type ReplyAnswer } from './reply.ts';
import { errorOfCode, readAnswer, readReplyHeader } from './reply-client.ts';
import { decodeRequest } from './request.ts';
import { appendRequest } from './request-client.ts';
import { encodeWatchEvent, readWatchEvent } from './watch-event.ts';

interface Exchange {
  readonly name: string;
  readonly request: ClientRequest;
  readonly requestHex: string;
  readonly zxid: number;
  readonly answer: ReplyAnswer;
  readonly replyHex: string;
  /** Why ours writes other bytes than these, where it does. */
  readonly notByteForByte?: { readonly request?: string; readonly reply?: string };
}

const openAcl: readonly Acl[] = [{ permissions: 31, scheme: 'world', id: 'anyone' }];

const exchanges: readonly Exchange[] = [
  {
    name: 'create',
    request: create('/g', { data: '7631' }),
    requestHex:
      '0000000100000001000000022f67000000027631000000010000001f00000005776f726c6400000006616e796f6e6500000000',
    zxid: 2,
    answer: { kind: 'created', path: '/g', stat: null },
    replyHex: '00000001000000000000000200000000000000022f67',
  },
  {
    name: 'create of what exists',
    request: create('/g', { data: '7631' }),
    requestHex:
      '0000000200000001000000022f67000000027631000000010000001f00000005776f726c6400000006616e796f6e6500000000',
    zxid: 3,
    answer: { kind: 'error', error: 'nodeExists' },
    replyHex: '000000020000000000000003ffffff92',
  },
  {
    name: 'create2, ephemeral and sequential',
    request: create('/g/e-', { mode: 'ephemeralSequential', wantsStat: true }),
    requestHex:
      '000000030000000f000000052f672f652d00000000000000010000001f00000005776f726c6400000006616e796f6e6500000003',
    zxid: 4,
    answer: {
      kind: 'created',
      path: '/g/e-0000000000',
      stat: stat([4, 4, 1795480729716, 1795480729716, 0, 0, 0, Number.MAX_SAFE_INTEGER, 0, 0, 4]),
    },
    replyHex:
      '000000030000000000000004000000000000000f2f672f652d3030303030303030303000000000000000040000000000000004000001a20afdb874000001a20afdb87400000000000000000000000001000037ea3b000000000000000000000000000000000004',
    notByteForByte: { reply: 'an Apache session id is beyond the safe integers' },
  },
  {
    name: 'create without data',
    request: create('/n'),
    requestHex:
      '0000000400000001000000022f6effffffff000000010000001f00000005776f726c6400000006616e796f6e6500000000',
    zxid: 5,
    answer: { kind: 'created', path: '/n', stat: null },
    replyHex: '00000004000000000000000500000000000000022f6e',
    notByteForByte: { request: 'null data reads as empty data' },
  },
  {
    name: 'getData of a znode without data',
    request: { kind: 'getData', path: '/n', watch: false },
    requestHex: '0000000500000004000000022f6e00',
    zxid: 5,
    answer: {
      kind: 'data',
      data: bytes(''),
      stat: stat([5, 5, 1795480729718, 1795480729718, 0, 0, 0, 0, 0, 0, 5]),
    },
    replyHex:
      '00000005000000000000000500000000ffffffff00000000000000050000000000000005000001a20afdb876000001a20afdb876000000000000000000000000000000000000000000000000000000000000000000000005',
    notByteForByte: { reply: 'null data reads as empty data' },
  },
  {
    name: 'getData',
    request: { kind: 'getData', path: '/g', watch: false },
    requestHex: '0000000600000004000000022f6700',
    zxid: 5,
    answer: {
      kind: 'data',
      data: bytes('7631'),
      stat: stat([2, 2, 1795480729707, 1795480729707, 0, 1, 0, 0, 2, 1, 4]),
    },
    replyHex:
      '0000000600000000000000050000000000000002763100000000000000020000000000000002000001a20afdb86b000001a20afdb86b000000000000000100000000000000000000000000000002000000010000000000000004',
  },
  {
    name: 'exists with a watch',
    request: { kind: 'exists', path: '/g', watch: true },
    requestHex: '0000000700000003000000022f6701',
    zxid: 5,
    answer: { kind: 'stat', stat: stat([2, 2, 1795480729707, 1795480729707, 0, 1, 0, 0, 2, 1, 4]) },
    replyHex:
      '0000000700000000000000050000000000000000000000020000000000000002000001a20afdb86b000001a20afdb86b000000000000000100000000000000000000000000000002000000010000000000000004',
  },
  {
    name: 'exists of what does not',
    request: { kind: 'exists', path: '/none', watch: true },
    requestHex: '0000000800000003000000052f6e6f6e6501',
    zxid: 5,
    answer: { kind: 'error', error: 'noNode' },
    replyHex: '000000080000000000000005ffffff9b',
  },
  {
    name: 'setData',
    request: { kind: 'setData', path: '/g', data: bytes('00ff'), version: 0 },
    requestHex: '0000000900000005000000022f670000000200ff00000000',
    zxid: 6,
    answer: { kind: 'stat', stat: stat([2, 6, 1795480729707, 1795480729724, 1, 1, 0, 0, 2, 1, 4]) },
    replyHex:
      '0000000900000000000000060000000000000000000000020000000000000006000001a20afdb86b000001a20afdb87c000000010000000100000000000000000000000000000002000000010000000000000004',
  },
  {
    name: 'setData of another version',
    request: { kind: 'setData', path: '/g', data: bytes('78'), version: 7 },
    requestHex: '0000000a00000005000000022f67000000017800000007',
    zxid: 7,
    answer: { kind: 'error', error: 'badVersion' },
    replyHex: '0000000a0000000000000007ffffff99',
  },
  {
    name: 'getACL',
    request: { kind: 'getAcl', path: '/g' },
    requestHex: '0000000b00000006000000022f67',
    zxid: 7,
    answer: {
      kind: 'acl',
      acl: openAcl,
      stat: stat([2, 6, 1795480729707, 1795480729724, 1, 1, 0, 0, 2, 1, 4]),
    },
    replyHex:
      '0000000b000000000000000700000000000000010000001f00000005776f726c6400000006616e796f6e6500000000000000020000000000000006000001a20afdb86b000001a20afdb87c000000010000000100000000000000000000000000000002000000010000000000000004',
  },
  {
    name: 'setACL',
    request: { kind: 'setAcl', path: '/g', acl: openAcl, version: -1 },
    requestHex: '0000000c00000007000000022f67000000010000001f00000005776f726c6400000006616e796f6e65ffffffff',
    zxid: 8,
    answer: { kind: 'stat', stat: stat([2, 6, 1795480729707, 1795480729724, 1, 1, 1, 0, 2, 1, 4]) },
    replyHex:
      '0000000c00000000000000080000000000000000000000020000000000000006000001a20afdb86b000001a20afdb87c000000010000000100000001000000000000000000000002000000010000000000000004',
  },
  {
    name: 'getChildren',
    request: { kind: 'getChildren', path: '/g', watch: false, withStat: false },
    requestHex: '0000000d00000008000000022f6700',
    zxid: 8,
    answer: { kind: 'children', names: ['e-0000000000'], stat: null },
    replyHex: '0000000d000000000000000800000000000000010000000c652d30303030303030303030',
  },
  {
    name: 'getChildren2',
    request: { kind: 'getChildren', path: '/g', watch: false, withStat: true },
    requestHex: '0000000e0000000c000000022f6700',
    zxid: 8,
    answer: {
      kind: 'children',
      names: ['e-0000000000'],
      stat: stat([2, 6, 1795480729707, 1795480729724, 1, 1, 1, 0, 2, 1, 4]),
    },
    replyHex:
      '0000000e000000000000000800000000000000010000000c652d3030303030303030303000000000000000020000000000000006000001a20afdb86b000001a20afdb87c000000010000000100000001000000000000000000000002000000010000000000000004',
  },
  {
    name: 'sync',
    request: { kind: 'sync', path: '/g' },
    requestHex: '0000000f00000009000000022f67',
    zxid: 8,
    answer: { kind: 'synced', path: '/g' },
    replyHex: '0000000f000000000000000800000000000000022f67',
  },
  {
    name: 'ping',
    request: { kind: 'ping' },
    requestHex: 'fffffffe0000000b',
    zxid: 8,
    answer: { kind: 'empty' },
    replyHex: 'fffffffe000000000000000800000000',
  },
  {
    name: 'auth',
    request: { kind: 'auth', scheme: 'digest', credential: bytes('753a70') },
    requestHex: 'fffffffc00000064000000000000000664696765737400000003753a70',
    zxid: 0,
    answer: { kind: 'empty' },
    replyHex: 'fffffffc000000000000000000000000',
  },
  {
    name: 'setWatches',
    request: { kind: 'setWatches', relativeZxid: zxid(2 ** 40), data: ['/g'], exist: [], child: [] },
    requestHex: 'fffffff800000065000001000000000000000001000000022f670000000000000000',
    zxid: 8,
    answer: { kind: 'empty' },
    replyHex: 'fffffff8000000000000000800000000',
  },
  {
    name: 'multi',
    request: {
      kind: 'multi',
      parts: [
        create('/m', { data: '61' }),
        create('/m/c'),
        { kind: 'setData', path: '/m', data: bytes('62'), version: 0 },
        { kind: 'check', path: '/m', version: 1 },
        { kind: 'delete', path: '/m/c', version: -1 },
      ],
    },
    requestHex:
      '000000100000000e0000000100ffffffff000000022f6d0000000161000000010000001f00000005776f726c6400000006616e796f6e65000000000000000f00ffffffff000000042f6d2f6300000000000000010000001f00000005776f726c6400000006616e796f6e65000000000000000500ffffffff000000022f6d0000000162000000000000000d00ffffffff000000022f6d000000010000000200ffffffff000000042f6d2f63ffffffffffffffff01ffffffff',
    zxid: 9,
    answer: {
      kind: 'multi',
      parts: [
        { kind: 'created', path: '/m', stat: null },
        { kind: 'created', path: '/m/c', stat: null },
        { kind: 'stat', stat: stat([9, 9, 1795480729742, 1795480729742, 1, 1, 0, 0, 1, 1, 9]) },
        { kind: 'checked' },
        { kind: 'deleted' },
      ],
    },
    replyHex:
      '00000010000000000000000900000000000000010000000000000000022f6d000000010000000000000000042f6d2f6300000005000000000000000000000000090000000000000009000001a20afdb88e000001a20afdb88e0000000100000001000000000000000000000000000000010000000100000000000000090000000d0000000000000000020000000000ffffffff01ffffffff',
    notByteForByte: { request: 'a create2 in a multi reads as create' },
  },
  {
    name: 'multi that fails',
    request: {
      kind: 'multi',
      parts: [
        create('/m2', { data: '61' }),
        { kind: 'delete', path: '/none', version: -1 },
        { kind: 'setData', path: '/m', data: bytes('62'), version: 0 },
      ],
    },
    requestHex:
      '000000110000000e0000000100ffffffff000000032f6d320000000161000000010000001f00000005776f726c6400000006616e796f6e65000000000000000200ffffffff000000052f6e6f6e65ffffffff0000000500ffffffff000000022f6d000000016200000000ffffffff01ffffffff',
    zxid: 10,
    answer: {
      kind: 'multi',
      parts: [
        { kind: 'rolledBack' },
        { kind: 'error', error: 'noNode' },
        { kind: 'error', error: 'runtimeInconsistency' },
      ],
    },
    replyHex:
      '00000011000000000000000a00000000ffffffff000000000000000000ffffffff00ffffff9bffffff9bffffffff00fffffffefffffffeffffffff01ffffffff',
  },
  {
    name: 'multi of nothing',
    request: { kind: 'multi', parts: [] },
    requestHex: '000000120000000effffffff01ffffffff',
    zxid: 11,
    answer: { kind: 'multi', parts: [] },
    replyHex: '00000012000000000000000b00000000ffffffff01ffffffff',
  },
  {
    name: 'check of another version',
    request: { kind: 'check', path: '/g', version: 99 },
    requestHex: '000000130000000d000000022f6700000063',
    zxid: 12,
    answer: { kind: 'error', error: 'badVersion' },
    replyHex: '00000013000000000000000cffffff99',
  },
  {
    name: 'delete',
    request: { kind: 'delete', path: '/n', version: -1 },
    requestHex: '0000001700000002000000022f6effffffff',
    zxid: 15,
    answer: { kind: 'deleted' },
    replyHex: '00000017000000000000000f00000000',
  },
  {
    name: 'closeSession',
    request: { kind: 'closeSession' },
    requestHex: '00000019fffffff5',
    zxid: 17,
    answer: { kind: 'empty' },
    replyHex: '00000019000000000000001100000000',
  },
];

describe.each(exchanges)('$name', ({ request, requestHex, zxid: zxidSent, answer, replyHex }) => {
  const xid = xidOf(requestHex);

  it('reads the request of kazoo', () => {
    const decoded = decodeRequest(bytes(requestHex));
    expect(decoded.ok && { xid: decoded.value.xid, request: decoded.value.request }).toEqual({
      xid,
      request,
    });
  });

  it('reads the reply of ZooKeeper', () => {
    const reader = new ByteReader(bytes(replyHex));
    const header = readReplyHeader(reader);
    expect({ xid: header.xid, zxid: header.zxid }).toEqual({ xid, zxid: zxidSent });
    const { errorCode } = header;
    const read =
      errorCode === 0 ? readAnswer(reader, request) : { kind: 'error', error: errorOfCode(errorCode) };
    expect(read).toEqual(answer);
    expect(reader.remaining).toBe(0);
  });
});

it.each(exchanges.filter(({ notByteForByte }) => notByteForByte?.request === undefined))(
  'writes $name as kazoo does',
  ({ request, requestHex }) => {
    const writer = new ByteWriter();
    appendRequest(writer, { xid: xidOf(requestHex), request });
    expect(hexOf(unframed(writer.finish()))).toBe(requestHex);
  },
);

it.each(exchanges.filter(({ notByteForByte }) => notByteForByte?.reply === undefined))(
  'answers $name as ZooKeeper does',
  ({ requestHex, zxid: zxidSent, answer, replyHex }) => {
    const packet = encodeReply({ xid: xidOf(requestHex), zxid: zxid(zxidSent), answer });
    expect(hexOf(unframed(packet))).toBe(replyHex);
  },
);

describe('the handshake', () => {
  const requestHex =
    '000000000000000000000000000027100000000000000000000000100000000000000000000000000000000000';
  const responseHex = '000000000000271001000037ea3b000000000010278914d428a180cedd596f66b11984bb00';

  it("reads and writes a new client's request as kazoo does", () => {
    expect(decodeConnectRequest(bytes(requestHex))).toEqual({
      ok: true,
      value: {
        protocolVersion: 0,
        lastZxidSeen: 0,
        timeoutMs: 10_000,
        sessionId: 0,
        password: new Uint8Array(16),
        readOnly: false,
      },
    });
    const packet = encodeConnectRequest({ lastZxidSeen: zxid(0), timeoutMs: 10_000, session: noSession });
    expect(hexOf(unframed(packet))).toBe(requestHex);
  });

  it('reads a request of before 3.4, which ends without the readOnly flag', () => {
    const decoded = decodeConnectRequest(bytes(requestHex.slice(0, -2)));
    expect(decoded.ok && decoded.value.readOnly).toBe(false);
  });

  it('reads the response of ZooKeeper, whose session ids do not fit a number', () => {
    const decoded = decodeConnectResponse(bytes(responseHex));
    expect(decoded).toEqual({
      ok: true,
      value: {
        timeoutMs: 10_000,
        session: { id: bytes('01000037ea3b0000'), password: bytes('278914d428a180cedd596f66b11984bb') },
        readOnly: false,
      },
    });
  });

  it('writes a response in the same layout', () => {
    const packet = encodeConnectResponse({
      timeoutMs: 10_000,
      sessionId: sessionId(0x37ea3b0000),
      password: bytes('278914d428a180cedd596f66b11984bb'),
      readOnly: false,
    });
    expect(hexOf(unframed(packet))).toBe(responseHex.replace('01000037ea3b0000', '00000037ea3b0000'));
  });
});

describe('watch events', () => {
  const eventHex = 'ffffffffffffffffffffffff000000000000000300000003000000022f67';

  it('are written and read as ZooKeeper sends them', () => {
    const event = { kind: 'nodeDataChanged', path: '/g' } as const;
    expect(hexOf(unframed(encodeWatchEvent(event)))).toBe(eventHex);
    const reader = new ByteReader(bytes(eventHex));
    expect(readReplyHeader(reader)).toEqual({ xid: -1, zxid: 0, errorCode: 0 });
    expect(readWatchEvent(reader)).toEqual(event);
  });
});

describe('requests that ZooKeeper answers with an error', () => {
  it.each([
    ['0000001400000001000000052f61', '00000014000000000000000dfffffffb'],
    ['0000001500000004000000052f61', '00000015000000000000000dfffffffb'],
  ])('says marshallingError to a body that ends too early, by its number', (requestHex, replyHex) => {
    const decoded = decodeRequest(bytes(requestHex));
    expect(decoded).toEqual({
      ok: false,
      error: { xid: expect.any(Number), reason: 'needs 5 bytes, has 2' },
    });
    const xid = decoded.ok ? null : decoded.error.xid;
    const packet = encodeReply({
      xid: xid ?? 0,
      zxid: zxid(0xd),
      answer: { kind: 'error', error: 'marshallingError' },
    });
    expect(hexOf(unframed(packet))).toBe(replyHex);
  });

  it('takes a create mode it does not know for an operation that is not offered', () => {
    const decoded = decodeRequest(
      bytes(
        '0000001600000001000000032f7a7a00000000000000010000001f00000005776f726c6400000006616e796f6e650000004d',
      ),
    );
    expect(decoded.ok && decoded.value.request).toEqual({ kind: 'unsupported', opcode: 1 });
  });

  it('cannot answer a header that ends too early', () => {
    expect(decodeRequest(bytes('0000'))).toEqual({
      ok: false,
      error: { xid: null, reason: 'needs 4 bytes, has 2' },
    });
  });
});

function create(
  path: string,
  options: { readonly data?: string; readonly mode?: CreateMode; readonly wantsStat?: boolean } = {},
): TreeWrite {
  const { data = '', mode = 'persistent', wantsStat = false } = options;
  return { kind: 'create', path, data: bytes(data), acl: openAcl, mode, wantsStat };
}

/** A Stat from its fields in the order of the record. */
function stat(fields: readonly number[]): Stat {
  const at = (index: number): number => fields[index] ?? 0;
  return {
    czxid: at(0) as Zxid,
    mzxid: at(1) as Zxid,
    ctimeMs: at(2),
    mtimeMs: at(3),
    version: at(4),
    cversion: at(5),
    aversion: at(6),
    ephemeralOwner: at(7) as SessionId,
    dataLength: at(8),
    numChildren: at(9),
    pzxid: at(10) as Zxid,
  };
}

function xidOf(requestHex: string): number {
  return new ByteReader(bytes(requestHex)).readInt32();
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function hexOf(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}

function unframed(packet: Uint8Array): Uint8Array {
  expect(new ByteReader(packet).readInt32()).toBe(packet.length - 4);
  return packet.subarray(4);
}
