/**
 * A deliberately dumb tree to compare the real one with: a list of plain records, copied whole before
 * every write and put back when it fails. Slow, without caches, counts or digests.
 */
import { unreachable } from '../../base/assert.ts';
import type { SessionId, Zxid } from '../../base/ids.ts';
import { isResolvedAcl, openAcl, permits, readOnlyAcl } from '../acl.ts';
import { findFlaw } from '../admit.ts';
import type { ZkError } from '../errors.ts';
import { type Acl, type AuthId, permissions, type Stat } from '../records.ts';
import type { MultiPartAnswer, TreeWrite, WriteAnswer, WriteRequest } from '../requests.ts';

interface Row {
  readonly path: string;
  readonly data: readonly number[];
  readonly acl: readonly Acl[];
  readonly owner: number;
  readonly czxid: number;
  readonly ctimeMs: number;
  readonly mzxid: number;
  readonly mtimeMs: number;
  readonly pzxid: number;
  readonly version: number;
  readonly aversion: number;
  readonly created: number;
}

/** Who writes, and when. */
export interface ModelWrite {
  readonly session: SessionId;
  readonly auth: readonly AuthId[];
  readonly zxid: Zxid;
  readonly timeMs: number;
}

class Refusal extends Error {
  readonly error: ZkError;

  constructor(error: ZkError) {
    super(error);
    this.error = error;
  }
}

export class ModelTree {
  #rows: readonly Row[] = ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'].map((path) => ({
    ...birth(path, { data: new Uint8Array(0), acl: openAcl }),
    ...(path === '/zookeeper/config' ? { acl: readOnlyAcl, aversion: -1 } : {}),
  }));

  write(context: ModelWrite, request: WriteRequest): WriteAnswer {
    const before = this.#rows;
    if (request.kind !== 'multi') return this.#part(context, request);
    const answers: MultiPartAnswer[] = [];
    for (const part of request.parts) {
      const answer = this.#part(context, part);
      if (answer.kind !== 'error') {
        answers.push(answer);
        continue;
      }
      this.#rows = before;
      const failed = answers.length;
      return {
        kind: 'multi',
        parts: request.parts.map((_, at) => {
          if (at < failed) return { kind: 'rolledBack' };
          return at === failed ? answer : { kind: 'error', error: 'runtimeInconsistency' };
        }),
      };
    }
    return { kind: 'multi', parts: answers };
  }

  closeSession(session: SessionId, zxid: Zxid): void {
    for (const row of this.#rows.filter(({ owner }) => owner === session)) this.#drop(row.path, zxid);
  }

  stat(path: string): Stat | null {
    const row = this.#rows.find((candidate) => candidate.path === path);
    if (row === undefined) return null;
    const numChildren = this.childrenOf(path).length;
    const { czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, aversion } = row;
    const counts = { cversion: row.created * 2 - numChildren, numChildren, dataLength: row.data.length };
    const ids = { czxid, mzxid, pzxid, ephemeralOwner: row.owner } as unknown as Stat;
    return { ...ids, ctimeMs, mtimeMs, version, aversion, ...counts };
  }

  get paths(): readonly string[] {
    return this.#rows.map(({ path }) => path);
  }

  childrenOf(path: string): readonly string[] {
    const prefix = path === '/' ? '/' : `${path}/`;
    return this.paths
      .filter(
        (other) => other !== '/' && other.startsWith(prefix) && !other.slice(prefix.length).includes('/'),
      )
      .map((other) => other.slice(prefix.length));
  }

  #part(context: ModelWrite, write: TreeWrite): Exclude<WriteAnswer, { readonly kind: 'multi' }> {
    try {
      const flaw = findFlaw(write);
      if (flaw !== null) throw new Refusal(flaw);
      if ('acl' in write && !isResolvedAcl(write.acl)) throw new Refusal('invalidAcl');
      return this.#apply(context, write);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      return { kind: 'error', error: refusal.error };
    }
  }

  #apply(context: ModelWrite, write: TreeWrite): Exclude<WriteAnswer, { readonly kind: 'multi' }> {
    switch (write.kind) {
      case 'create':
        return this.#create(context, write);
      case 'delete': {
        this.#allow(this.#row(above(write.path)), permissions.delete, context);
        const row = this.#row(write.path);
        expectVersion(row.version, write.version);
        if (this.childrenOf(write.path).length > 0) throw new Refusal('notEmpty');
        this.#drop(write.path, context.zxid);
        return { kind: 'deleted' };
      }
      case 'setData': {
        const row = this.#row(write.path);
        this.#allow(row, permissions.write, context);
        expectVersion(row.version, write.version);
        const { zxid: mzxid, timeMs: mtimeMs } = context;
        return this.#change(write.path, { data: [...write.data], version: row.version + 1, mzxid, mtimeMs });
      }
      case 'setAcl': {
        const row = this.#row(write.path);
        this.#allow(row, permissions.admin, context);
        expectVersion(row.aversion, write.version);
        const next = row.aversion + 1;
        return this.#change(write.path, { acl: write.acl, aversion: next === -1 ? 0 : next });
      }
      case 'check': {
        const row = this.#row(write.path);
        this.#allow(row, permissions.read, context);
        expectVersion(row.version, write.version);
        return { kind: 'checked' };
      }
      default:
        return unreachable(write);
    }
  }

  #create(
    context: ModelWrite,
    write: Extract<TreeWrite, { readonly kind: 'create' }>,
  ): Exclude<WriteAnswer, { readonly kind: 'multi' }> {
    const parent = this.#row(above(write.path));
    this.#allow(parent, permissions.create, context);
    const sequence = write.mode.endsWith('equential') ? String(parent.created).padStart(10, '0') : '';
    const path = write.path + sequence;
    if (this.stat(path) !== null) throw new Refusal('nodeExists');
    if (parent.owner !== 0) throw new Refusal('noChildrenForEphemerals');
    const owner = write.mode.startsWith('ephemeral') ? context.session : 0;
    const { zxid, timeMs } = context;
    const times = { czxid: zxid, mzxid: zxid, pzxid: zxid, ctimeMs: timeMs, mtimeMs: timeMs };
    this.#rows = [...this.#rows, { ...birth(path, write), ...times, owner }];
    this.#change(parent.path, { created: parent.created + 1, pzxid: zxid });
    return { kind: 'created', path, stat: write.wantsStat ? this.stat(path) : null };
  }

  #row(path: string): Row {
    const row = this.#rows.find((candidate) => candidate.path === path);
    if (row === undefined) throw new Refusal('noNode');
    return row;
  }

  #allow(row: Row, wanted: number, { auth }: ModelWrite): void {
    if (!permits(row.acl, wanted, auth)) throw new Refusal('noAuth');
  }

  #change(path: string, changes: Partial<Row>): { readonly kind: 'stat'; readonly stat: Stat } {
    this.#rows = this.#rows.map((row) => (row.path === path ? { ...row, ...changes } : row));
    const stat = this.stat(path);
    if (stat === null) throw new Error(`lost ${path}`);
    return { kind: 'stat', stat };
  }

  #drop(path: string, zxid: Zxid): void {
    this.#rows = this.#rows.filter((row) => row.path !== path);
    this.#change(above(path), { pzxid: zxid });
  }
}

function birth(
  path: string,
  { data, acl }: { readonly data: Uint8Array; readonly acl: readonly Acl[] },
): Row {
  const zeros = { owner: 0, version: 0, aversion: 0, czxid: 0, mzxid: 0, pzxid: 0, ctimeMs: 0, mtimeMs: 0 };
  return { path, data: [...data], acl, ...zeros, created: 0 };
}

function above(path: string): string {
  return path.split('/').slice(0, -1).join('/') || '/';
}

function expectVersion(actual: number, expected: number): void {
  if (expected !== -1 && expected !== actual) throw new Refusal('badVersion');
}
