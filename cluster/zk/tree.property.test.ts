/** What must hold for every sequence of requests. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SessionId, sessionId, term, zxid } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { admit } from './admit.ts';
import { applyCloseSession } from './apply-session.ts';
import { applyWrite } from './apply-write.ts';
import { DigestSum } from './digest.ts';
import { digestIdentity } from './digest-auth.ts';
import type { Acl, AuthId } from './records.ts';
import type { WriteAnswer, WriteRequest } from './requests.ts';
import { SessionTable } from './sessions.ts';
import { createStore } from './store.ts';
import { originOne, TestLog } from './testing/log.ts';
import { ModelTree, type ModelWrite } from './testing/model.ts';
import { credentials, type Pick, pickMulti, pickWrite } from './testing/requests.ts';
import { Tree } from './tree.ts';
import { statOf, type Znode } from './znode.ts';
import type { LoadedZnode, ZnodeFields } from './znode-fields.ts';

const runs = { numRuns: 200 };
const stepCount = 40;
const identities = credentials.map((credential) => digestIdentity(encodeUtf8(credential)));
const authChoices: readonly (readonly AuthId[])[] = [[], identities.slice(0, 1), identities];
const sessions = [1, 2, 3].map((id) => sessionId(id));

type Step =
  | { readonly kind: 'write'; readonly write: ModelWrite; readonly request: WriteRequest }
  | { readonly kind: 'close'; readonly session: SessionId };

/** A tree that random requests of three sessions have been applied to. */
class Play {
  readonly tree = Tree.founded();
  readonly #pick: Pick;
  #count = 0;

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  step(): Step {
    const session = this.#pick(sessions);
    if (this.#pick([1, 2, 3, 4, 5, 6, 7, 8]) === 1) return { kind: 'close', session };
    const auth = this.#pick(authChoices);
    const request = pickWrite(this.#pick);
    const admitted = admit(request, auth);
    const write = { session, auth, ...this.#next() };
    return { kind: 'write', write, request: admitted.ok ? admitted.value : request };
  }

  apply(step: Step): WriteAnswer | null {
    if (step.kind === 'write') return this.write(step.write, step.request);
    const table = { sessions: new SessionTable(), origin: originOne, term: term(1) };
    const context = { tree: this.tree, moment: this.#next(), events: [], ...table };
    applyCloseSession(context, { session: step.session });
    return null;
  }

  write({ session, auth, ...moment }: ModelWrite, request: WriteRequest): WriteAnswer {
    return applyWrite({ tree: this.tree, session, auth, moment, events: [] }, request);
  }

  /** The zxid of the last change that was begun. */
  get zxid(): ReturnType<typeof zxid> {
    return zxid(this.#count);
  }

  get superuser(): ModelWrite {
    return { session: sessionId(1), auth: [{ scheme: 'super', id: '' }], ...this.#next() };
  }

  #next(): { readonly zxid: ReturnType<typeof zxid>; readonly timeMs: number } {
    this.#count += 1;
    return { zxid: zxid(this.#count), timeMs: this.#count * 1_000 };
  }
}

describe('for every sequence of requests', () => {
  it('the tree answers as a dumb one does, and ends up the same', () => {
    forEvery((pick) => {
      const play = new Play(pick);
      const model = new ModelTree();
      for (let count = 0; count < stepCount; count += 1) {
        const step = play.step();
        const answer = play.apply(step);
        if (step.kind === 'write') expect(answer).toEqual(model.write(step.write, step.request));
        else model.closeSession(step.session, play.zxid);
      }
      const stats = Object.fromEntries(everyZnode(play.tree).map((znode) => [znode.path, statOf(znode)]));
      expect(stats).toEqual(Object.fromEntries(model.paths.map((path) => [path, model.stat(path)])));
      for (const znode of everyZnode(play.tree)) {
        expect([...znode.childNames()].sort()).toEqual([...model.childrenOf(znode.path)].sort());
      }
    });
  });

  it('the digest and the counts are those of a tree counted from scratch', () => {
    forEvery((pick) => {
      const play = new Play(pick);
      for (let count = 0; count < stepCount; count += 1) {
        play.apply(play.step());
        expect(totalsOf(play.tree)).toEqual(countFromScratch(play.tree));
      }
    });
  });

  it('a multi that fails changes nothing', () => {
    forEvery((pick) => {
      const play = new Play(pick);
      for (let count = 0; count < stepCount / 2; count += 1) play.apply(play.step());
      const before = snapshotOf(play.tree);
      const multi = pickMulti(pick);
      const parts = multi.kind === 'multi' ? multi.parts : [];
      const doomed = { kind: 'check', path: '/nowhere', version: -1 } as const;
      const answer = play.write(play.superuser, { kind: 'multi', parts: [...parts, doomed] });
      expect(answer).toMatchObject({ kind: 'multi' });
      expect(snapshotOf(play.tree)).toEqual(before);
    });
  });

  it('two stores give the same results and digests, entry by entry', () => {
    forEvery((pick) => {
      const log = new TestLog();
      const opened = [log.openSession(), log.openSession()];
      const other = createStore();
      for (let count = 0; count < stepCount; count += 1) {
        const session = pick(opened);
        const auth = pick(authChoices);
        const request = pickWrite(pick);
        const result = log.command(
          pick([1, 2, 3, 4, 5, 6, 7, 8]) === 1
            ? { kind: 'closeSession', session }
            : { kind: 'write', session, auth, request },
        );
        const entries = log.entries.slice(other.appliedIndex);
        expect(entries.map((entry) => other.apply(entry)).at(-1)).toEqual(result);
        expect(other.digest()).toBe(log.store.digest());
      }
    });
  });
});

describe('the digest', () => {
  it('is the same for the same znodes made in another order', () => {
    const make = (names: readonly string[]): string => {
      const play = new Play((items) => items[0] as never);
      const parts = names.map((path) => create(path));
      play.write(play.superuser, { kind: 'multi', parts });
      return DigestSum.hex([play.tree.digest]);
    };
    expect(make(['/a', '/b', '/c'])).toBe(make(['/c', '/a', '/b']));
    expect(make(['/a', '/b', '/c'])).not.toBe(make(['/a', '/b', '/d']));
  });
});

function forEvery(check: (pick: Pick) => void): void {
  const property = fc.property(fc.gen(), (gen) => check((items) => gen(fc.constantFrom, ...items) as never));
  fc.assert(property, runs);
}

function create(path: string): Extract<WriteRequest, { readonly kind: 'create' }> {
  const acl = [{ permissions: 31, scheme: 'world', id: 'anyone' }];
  return { kind: 'create', wantsStat: false, path, data: encodeUtf8(path), acl, mode: 'persistent' };
}

function everyZnode(tree: Tree, path = '/'): readonly Znode[] {
  const znode = tree.get(path);
  if (znode === undefined) throw new Error(`a child without a znode: ${path}`);
  const below = path === '/' ? path : `${path}/`;
  return [znode, ...[...znode.childNames()].flatMap((name) => everyZnode(tree, below + name))];
}

function totalsOf(tree: Tree): unknown {
  const { count, ephemeralCount, dataBytes, aclCount } = tree;
  return { digest: DigestSum.hex([tree.digest]), count, ephemeralCount, dataBytes, aclCount };
}

/** The totals of a new tree that never held anything else. */
function countFromScratch(tree: Tree): unknown {
  const copy = new Tree();
  for (const { path, data, acl, ...znode } of everyZnode(tree).map(plainOf)) {
    copy.load({ path, data, acl: copy.internAcl(acl), fields: znode });
  }
  return totalsOf(copy);
}

function plainOf(
  znode: Znode,
): Omit<LoadedZnode, 'acl' | 'fields'> & ZnodeFields & { readonly acl: readonly Acl[] } {
  const { path, data, owner, czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, aversion, childrenCreated } =
    znode;
  const ids = { owner, czxid, mzxid, pzxid };
  return { path, data, acl: znode.acl.acl, ...ids, ctimeMs, mtimeMs, version, aversion, childrenCreated };
}

/** Everything there is to know of a tree. */
function snapshotOf(tree: Tree): unknown {
  const znodes = [...everyZnode(tree)].sort((one, other) => (one.path < other.path ? -1 : 1));
  return {
    totals: totalsOf(tree),
    znodes: znodes.map((znode) => [znode.path, statOf(znode), [...znode.data], znode.acl.acl]),
    ephemerals: sessions.map((session) => [...tree.ephemeralsOf(session)].map(({ path }) => path).sort()),
  };
}
