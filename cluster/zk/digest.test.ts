import { describe, expect, it } from 'vitest';
import { sessionId, zxid } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { openAcl, readOnlyAcl } from './acl.ts';
import { AclCache } from './acl-cache.ts';
import { DigestSum, RecordHash, recordKinds } from './digest.ts';
import { SessionTable } from './sessions.ts';
import { originOne, originTwo } from './testing/log.ts';
import { ZnodeState } from './znode.ts';
import { hashContent, hashZnode } from './znode-digest.ts';

const acls = new AclCache();

function znodeHash(changes: Partial<ZnodeState>): string {
  const birth = {
    path: '/a',
    parent: null,
    data: encodeUtf8('data'),
    acl: acls.intern(openAcl),
    owner: sessionId(0),
    zxid: zxid(5),
    timeMs: 5,
    imaged: 0,
  };
  const znode = Object.assign(new ZnodeState(birth), changes);
  const hash = new RecordHash();
  hashContent(hash, znode);
  hashZnode(hash, znode);
  return sumOf(hash);
}

function sumOf(hash: RecordHash): string {
  const sum = new DigestSum();
  sum.add(hash);
  return DigestSum.hex([sum]);
}

function hashOf(feed: (hash: RecordHash) => void): string {
  const hash = new RecordHash();
  hash.start(recordKinds.content);
  feed(hash);
  hash.finish();
  return sumOf(hash);
}

describe('the digest of a znode', () => {
  it('depends on everything that a client can read of it', () => {
    const variants: readonly Partial<ZnodeState>[] = [
      {},
      { path: '/b' },
      { data: encodeUtf8('date') },
      { acl: acls.intern(readOnlyAcl) },
      { owner: sessionId(9) },
      { czxid: zxid(6) },
      { mzxid: zxid(6) },
      { pzxid: zxid(6) },
      { pzxid: zxid(2 ** 32 + 5) },
      { ctimeMs: 6 },
      { mtimeMs: 6 },
      { version: 1 },
      { aversion: 1 },
      { childrenCreated: 1 },
    ];
    expect(new Set(variants.map(znodeHash)).size).toBe(variants.length);
  });
});

describe('the hash of a record', () => {
  it('keeps fields apart', () => {
    const hashes = [
      hashOf((hash) => {
        hash.text('ab');
        hash.text('c');
      }),
      hashOf((hash) => {
        hash.text('a');
        hash.text('bc');
      }),
      hashOf((hash) => hash.bytes(new Uint8Array(3))),
      hashOf((hash) => hash.bytes(new Uint8Array(4))),
      hashOf((hash) => hash.bytes(new Uint8Array(5))),
      hashOf((hash) => hash.bytes(Uint8Array.of(0, 0, 0, 0, 1))),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('spreads neighbours over both lanes', () => {
    const hashes = Array.from({ length: 20_000 }, (_, i) => hashOf((hash) => hash.text(`/bench/node-${i}`)));
    expect(new Set(hashes.map((hash) => hash.slice(0, 8))).size).toBeGreaterThan(19_990);
    expect(new Set(hashes.map((hash) => hash.slice(8))).size).toBeGreaterThan(19_990);
  });

  it('leaves nothing behind when it is taken away', () => {
    const sum = new DigestSum();
    const hash = new RecordHash();
    hash.text('x');
    sum.add(hash);
    sum.subtract(hash);
    expect(DigestSum.hex([sum])).toBe('0000000000000000');
  });
});

describe('the digest of the sessions', () => {
  const record = { id: sessionId(7), timeoutMs: 4_000, password: encodeUtf8('secret'), owner: originOne };
  const digestAfter = (play: (table: SessionTable) => void): string => {
    const table = new SessionTable();
    play(table);
    return DigestSum.hex([table.digest]);
  };

  it('depends on who is there, not on how they came', () => {
    const moved = { ...record, owner: originTwo };
    const straight = digestAfter((table) => table.set(moved));
    const wandered = digestAfter((table) => {
      table.set(record);
      table.set(moved);
    });
    expect(wandered).toBe(straight);
    expect(digestAfter((table) => table.set(record))).not.toBe(straight);
  });

  it('is that of none after the last one left', () => {
    const left = digestAfter((table) => {
      table.set(record);
      table.delete(record.id);
      table.delete(record.id);
    });
    expect(left).toBe(digestAfter(() => undefined));
  });
});
