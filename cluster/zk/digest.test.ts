import { describe, expect, it } from 'vitest';
import { sessionId, zxid } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { openAcl, readOnlyAcl } from './acl.ts';
import { DigestSum, RecordHash, recordKinds } from './digest.ts';
import type { Acl } from './records.ts';
import { SessionTable } from './sessions.ts';
import { originOne, originTwo } from './testing/log.ts';
import { Tree } from './tree.ts';
import { newborn, type ZnodeFields } from './znode-fields.ts';

const fields = newborn({ zxid: zxid(5), timeMs: 5 }, sessionId(0));

/** Of a tree with a root and this one znode. */
function digestWith(
  changes: Partial<ZnodeFields & { path: string; data: string; acl: readonly Acl[] }>,
): string {
  const { path = '/a', data = 'data', acl = openAcl, ...changed } = changes;
  const tree = new Tree();
  tree.load({ path: '/', data: encodeUtf8(''), acl: tree.internAcl(openAcl), fields });
  const znode = { path, data: encodeUtf8(data), acl: tree.internAcl(acl), fields: { ...fields, ...changed } };
  if (tree.load(znode) === null) throw new Error(`not loaded: ${path}`);
  return DigestSum.hex([tree.digest]);
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
    const variants: readonly Parameters<typeof digestWith>[0][] = [
      {},
      { path: '/b' },
      { data: 'date' },
      { acl: readOnlyAcl },
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
    expect(new Set(variants.map(digestWith)).size).toBe(variants.length);
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
