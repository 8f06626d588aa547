/** Whatever one side writes the other reads as the same value; whatever else comes in is an error value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, MalformedInput } from '../../base/bytes.ts';
import { type SessionId, type Zxid, zxid } from '../../base/ids.ts';
import { zkErrorCodes } from '../errors.ts';
import type { Acl, CreateMode, Stat, WatchEventKind } from '../records.ts';
import type { ClientRequest, MultiPartAnswer, TreeWrite } from '../requests.ts';
import { decodeConnectRequest, encodeConnectResponse } from './connect.ts';
import { decodeConnectResponse, encodeConnectRequest, sessionIdOf } from './connect-client.ts';
import { encodeReply, type ReplyAnswer } from './reply.ts';
import { errorOfCode, readAnswer, readReplyHeader } from './reply-client.ts';
import { decodeRequest } from './request.ts';
import { appendRequest } from './request-client.ts';
import { encodeWatchEvent, readWatchEvent } from './watch-event.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const id = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyZxid = id as unknown as fc.Arbitrary<Zxid>;
const anySession = id as unknown as fc.Arbitrary<SessionId>;
const path = fc.string({ unit: 'grapheme', maxLength: 60 });
const data = fc.uint8Array({ maxLength: 80 });
const paths = fc.array(path, { maxLength: 4 });
const acl: fc.Arbitrary<Acl[]> = fc.array(fc.record({ permissions: int32, scheme: path, id: path }), {
  maxLength: 3,
});
const mode = fc.constantFrom<CreateMode>(
  'persistent',
  'ephemeral',
  'persistentSequential',
  'ephemeralSequential',
);
const stat: fc.Arbitrary<Stat> = fc.record({
  czxid: anyZxid,
  mzxid: anyZxid,
  ctimeMs: id,
  mtimeMs: id,
  version: int32,
  cversion: int32,
  aversion: int32,
  ephemeralOwner: anySession,
  dataLength: int32,
  numChildren: int32,
  pzxid: anyZxid,
});
const version = int32;
const is = <Kind extends string>(kind: Kind): fc.Arbitrary<Kind> => fc.constant(kind);

/** Parts of a multi: `create2` and `setAcl` do not occur in one. */
const part: fc.Arbitrary<TreeWrite> = fc.oneof(
  fc.record({ kind: is('create'), wantsStat: fc.constant(false), path, data, acl, mode }),
  fc.record({ kind: is('delete'), path, version }),
  fc.record({ kind: is('setData'), path, data, version }),
  fc.record({ kind: is('check'), path, version }),
);
const request: fc.Arbitrary<ClientRequest> = fc.oneof(
  part,
  fc.record({ kind: is('create'), wantsStat: fc.constant(true), path, data, acl, mode }),
  fc.record({ kind: is('setAcl'), path, acl, version }),
  fc.record({ kind: is('multi'), parts: fc.array(part, { maxLength: 5 }) }),
  fc.record({ kind: is('exists'), path, watch: fc.boolean() }),
  fc.record({ kind: is('getData'), path, watch: fc.boolean() }),
  fc.record({ kind: is('getAcl'), path }),
  fc.record({ kind: is('getChildren'), path, watch: fc.boolean(), withStat: fc.boolean() }),
  fc.record({ kind: is('sync'), path }),
  fc.record({ kind: is('ping') }),
  fc.record({ kind: is('closeSession') }),
  fc.record({ kind: is('auth'), scheme: path, credential: data }),
  fc.record({ kind: is('setWatches'), relativeZxid: anyZxid, data: paths, exist: paths, child: paths }),
  fc.record({ kind: is('unsupported'), opcode: fc.constantFrom(0, 10, 16, 19, 21, 22, 105, -1, 9_999) }),
);

const error = fc.constantFrom(
  ...Object.values(zkErrorCodes)
    .filter((code) => code !== zkErrorCodes.ok)
    .map(errorOfCode),
);
const multiPartAnswer: fc.Arbitrary<MultiPartAnswer> = fc.oneof(
  fc.record({ kind: is('created'), path, stat: fc.option(stat) }),
  fc.record({ kind: is('deleted') }),
  fc.record({ kind: is('checked') }),
  fc.record({ kind: is('stat'), stat }),
  fc.record({ kind: is('rolledBack') }),
  fc.record({ kind: is('error'), error }),
);

/** A request and an answer that fits it. */
function exchange(): fc.Arbitrary<readonly [ClientRequest, ReplyAnswer]> {
  return request.chain((asked) =>
    fc.oneof(
      answerTo(asked).map((answer) => [asked, answer] as const),
      fc.record({ kind: is('error'), error }).map((answer) => [asked, answer] as const),
    ),
  );
}

function answerTo(asked: ClientRequest): fc.Arbitrary<ReplyAnswer> {
  switch (asked.kind) {
    case 'create':
      return fc.record({ kind: is('created'), path, stat: asked.wantsStat ? stat : fc.constant(null) });
    case 'delete':
      return fc.record({ kind: is('deleted') });
    case 'check':
      return fc.record({ kind: is('checked') });
    case 'setData':
    case 'setAcl':
    case 'exists':
      return fc.record({ kind: is('stat'), stat });
    case 'multi':
      return fc.record({ kind: is('multi'), parts: fc.array(multiPartAnswer, { maxLength: 5 }) });
    case 'getData':
      return fc.record({ kind: is('data'), data, stat });
    case 'getAcl':
      return fc.record({ kind: is('acl'), acl, stat });
    case 'getChildren':
      return fc.record({
        kind: is('children'),
        names: paths,
        stat: asked.withStat ? stat : fc.constant(null),
      });
    case 'sync':
      return fc.record({ kind: is('synced'), path });
    default:
      return fc.record({ kind: is('empty') });
  }
}

describe('requests', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(int32, request, (xid, asked) => {
        const decoded = decodeRequest(requestFrame(xid, asked));
        expect(decoded).toMatchObject({ ok: true, value: { xid, request: asked } });
      }),
      { numRuns: 500 },
    );
  });

  it('cut short are an error, with their number behind a whole header, or read without what is missing', () => {
    fc.assert(
      fc.property(int32, request, fc.nat(), (xid, asked, at) => {
        const frame = requestFrame(xid, asked);
        const length = at % frame.length;
        const decoded = decodeRequest(frame.subarray(0, length));
        expect(decoded.ok ? decoded.value.xid : decoded.error.xid).toBe(length < 8 ? null : xid);
        if (asked.kind !== 'unsupported') expect(decoded.ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('of random or changed bytes are read or refused, never anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), changed(request.map((r) => requestFrame(1, r)))),
        (bytes) => {
          decodeRequest(bytes);
          decodeConnectRequest(bytes);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('that announce a huge vector allocate nothing for it', () => {
    const frame = requestFrame(1, {
      kind: 'setWatches',
      relativeZxid: zxid(1),
      data: [],
      exist: [],
      child: [],
    });
    frame.set([0x7f, 0xff, 0xff, 0xff], 16);
    expect(decodeRequest(frame)).toEqual({
      ok: false,
      error: { xid: 1, reason: 'impossible vector length 2147483647' },
    });
  });

  it.each(['reconfig', 'ping'])('of a multi may not hold %s', (name) => {
    const frame = requestFrame(5, { kind: 'multi', parts: [{ kind: 'check', path: '/a', version: 0 }] });
    const opcode = name === 'reconfig' ? 16 : 11;
    frame.set([0, 0, 0, opcode], 8);
    expect(decodeRequest(frame)).toEqual({
      ok: false,
      error: { xid: 5, reason: `operation ${opcode} cannot be part of a multi` },
    });
  });
});

describe('replies', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(int32, anyZxid, exchange(), (xid, at, [asked, answer]) => {
        const reader = new ByteReader(encodeReply({ xid, zxid: at, answer }).subarray(4));
        const header = readReplyHeader(reader);
        expect(header.xid).toBe(xid);
        expect(header.zxid).toBe(at);
        const { errorCode } = header;
        const read =
          errorCode === 0 ? readAnswer(reader, asked) : { kind: 'error', error: errorOfCode(errorCode) };
        expect(read).toEqual(answer);
        expect(reader.remaining).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('of random or changed bytes are read or malformed, never anything else', () => {
    const written = exchange().map(
      ([asked, answer]) => [asked, encodeReply({ xid: 1, zxid: zxid(1), answer }).subarray(4)] as const,
    );
    const hostile = fc.oneof(
      fc.tuple(request, fc.uint8Array({ maxLength: 200 })),
      written.chain(([asked, bytes]) => changed(fc.constant(bytes)).map((bad) => [asked, bad] as const)),
    );
    fc.assert(
      fc.property(hostile, ([asked, bytes]) => {
        decodeConnectResponse(bytes);
        try {
          const reader = new ByteReader(bytes);
          readReplyHeader(reader);
          readAnswer(reader, asked);
          readWatchEvent(reader);
        } catch (failure) {
          expect(failure).toBeInstanceOf(MalformedInput);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('watch events', () => {
  it('are read as they were written', () => {
    const kind = fc.constantFrom<WatchEventKind>(
      'nodeCreated',
      'nodeDeleted',
      'nodeDataChanged',
      'nodeChildrenChanged',
    );
    fc.assert(
      fc.property(kind, path, (kindSent, pathSent) => {
        const reader = new ByteReader(encodeWatchEvent({ kind: kindSent, path: pathSent }).subarray(4));
        expect(readReplyHeader(reader).xid).toBe(-1);
        expect(readWatchEvent(reader)).toEqual({ kind: kindSent, path: pathSent });
      }),
    );
  });
});

describe('the handshake', () => {
  it('is read as it was written, in both directions', () => {
    fc.assert(
      fc.property(anySession, anyZxid, int32, data, (sessionId, lastZxidSeen, timeoutMs, password) => {
        const response = { timeoutMs, sessionId, password, readOnly: false };
        const hello = decodeConnectResponse(encodeConnectResponse(response).subarray(4));
        expect(hello.ok && { ...hello.value, session: sessionIdOf(hello.value.session) }).toEqual({
          timeoutMs,
          session: sessionId,
          readOnly: false,
        });
        if (!hello.ok) return;
        const { session } = hello.value;
        const packet = encodeConnectRequest({ lastZxidSeen, timeoutMs, session });
        expect(decodeConnectRequest(packet.subarray(4))).toEqual({
          ok: true,
          value: { protocolVersion: 0, lastZxidSeen, timeoutMs, sessionId, password, readOnly: false },
        });
      }),
    );
  });

  it('with an id that is no safe integer names a session that cannot exist', () => {
    const packet = encodeConnectRequest({
      lastZxidSeen: zxid(0),
      timeoutMs: 1,
      session: { id: new Uint8Array(8).fill(0xff), password: new Uint8Array(16) },
    });
    const decoded = decodeConnectRequest(packet.subarray(4));
    expect(decoded.ok && decoded.value.sessionId).toBe(Number.MAX_SAFE_INTEGER);
  });
});

function requestFrame(xid: number, asked: ClientRequest): Uint8Array {
  const writer = new ByteWriter();
  appendRequest(writer, { xid, request: asked });
  return writer.finish().slice(4);
}

/** Valid bytes with a few of them overwritten, and perhaps cut short. */
function changed(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { maxLength: 4 });
  return fc.tuple(valid, edits, fc.nat({ max: 8 })).map(([bytes, changes, cut]) => {
    const copy = bytes.slice(0, Math.max(0, bytes.length - cut));
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return copy;
  });
}
