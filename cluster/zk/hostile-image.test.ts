/** Images that are well-formed to the byte and claim what cannot be. */
import { describe, expect, it } from 'vitest';
import { MalformedInput } from '../base/bytes.ts';
import { logIndex, sessionId, term, zxid } from '../base/ids.ts';
import { emptyMembership } from '../base/membership.ts';
import { openAcl, readOnlyAcl } from './acl.ts';
import { ChunkWriter } from './image-chunks.ts';
import { encodeHeader } from './image-header.ts';
import { tags, writeZnode } from './image-records.ts';
import type { Acl } from './records.ts';
import { writeAcl } from './request-codec.ts';
import { createStore } from './store.ts';
import { newborn } from './znode-fields.ts';

/** Writes records by hand. */
class Forger {
  readonly #chunks = new ChunkWriter();

  constructor(znodes: number) {
    const counts = { znodes, sessions: 0, origins: 0, membership: emptyMembership };
    const place = { index: logIndex(1), term: term(1), entriesOfTerm: 1, digest: '0'.repeat(16) };
    const writer = this.#chunks.room(1_000);
    writer.writeUint8(tags.header);
    writer.writeBuffer(encodeHeader({ ...place, ...counts }));
  }

  acl(acl: readonly Acl[]): this {
    const writer = this.#chunks.room(1_000);
    writer.writeUint8(tags.acl);
    writeAcl(writer, acl);
    return this;
  }

  znode(path: string, { owner = 0, acl = 0 } = {}): this {
    const fields = newborn({ zxid: zxid(1), timeMs: 1 }, sessionId(owner));
    writeZnode(this.#chunks.room(1_000), { path, data: new Uint8Array(3), fields }, acl);
    return this;
  }

  raw(...bytes: readonly number[]): this {
    const writer = this.#chunks.room(1_000);
    for (const byte of bytes) writer.writeUint8(byte);
    return this;
  }

  load(): void {
    this.#chunks.room(1).writeUint8(tags.end);
    const loader = createStore().loader();
    while (!this.#chunks.isEmpty) loader.push(this.#chunks.take());
    loader.finish();
  }
}

/** With everything that every tree has. */
function founded(more: number): Forger {
  const forger = new Forger(4 + more).acl(openAcl);
  for (const path of ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) forger.znode(path);
  return forger;
}

describe('an image is refused', () => {
  const cases: readonly (readonly [string, () => Forger, string])[] = [
    ['with another digest', () => founded(0), 'has digest'],
    ['with a znode twice', () => founded(2).znode('/a').znode('/a'), 'told twice'],
    ['with two roots', () => founded(1).znode('/'), 'told twice'],
    ['with a znode under nothing', () => founded(1).znode('/a/b'), 'before its parent'],
    ['with a child before its parent', () => founded(2).znode('/a/b').znode('/a'), 'before its parent'],
    ['with a znode under itself', () => founded(1).znode('/a/../a'), 'malformed path'],
    ['with a relative path', () => founded(1).znode('a'), 'malformed path'],
    [
      'with a child of an ephemeral',
      () => founded(2).znode('/e', { owner: 1 }).znode('/e/a'),
      'before its parent',
    ],
    ['with an ephemeral of no session', () => founded(1).znode('/e', { owner: 1 }), 'of no session'],
    ['without the root', () => new Forger(0), 'without /'],
    ['without the system znodes', () => new Forger(1).acl(openAcl).znode('/'), 'without /zookeeper'],
    ['with an unknown ACL', () => founded(1).znode('/a', { acl: 7 }), 'unknown ACL'],
    ['with an ACL twice', () => founded(0).acl(readOnlyAcl).acl(readOnlyAcl), 'told twice'],
    ['with an ACL of nobody', () => founded(0).acl([]), 'impossible ACL'],
    ['with fewer znodes than it says', () => founded(1), 'other counts'],
    ['with a record of unknown kind', () => founded(0).raw(99), 'unknown kind'],
    ['with a second header', () => founded(0).raw(tags.header), 'misplaced header'],
    ['with a znode of unknown kind', () => founded(0).raw(tags.znode, 2), 'unknown kind'],
    ['with a length beyond its chunk', () => founded(0).raw(tags.znode, 0, 0x7f, 0xff, 0xff, 0xff), 'needs'],
    ['with a list beyond its chunk', () => founded(0).raw(tags.acl, 0x7f, 0xff, 0xff, 0xff), 'impossible'],
  ];
  it.each(cases)('%s', (_, forge, reason) => {
    const load = (): void => forge().load();
    expect(load).toThrow(MalformedInput);
    expect(load).toThrow(reason);
  });
});
