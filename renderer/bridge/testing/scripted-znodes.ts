/** A tree of znodes in memory with the answers and errors of the real one, for tests of the console. */
import type { CommandInput, CommandOutput } from '../../../cluster/api/commands.ts';
import type { ApiError } from '../../../cluster/api/errors.ts';
import type { ChildrenWatch, ZnodeStat, ZnodeValue, ZnodeWatch } from '../../../cluster/api/znode.ts';
import { fail, ok, type Result } from '../../../cluster/base/result.ts';
import { encodeBytes, utf8Bytes } from '../../format/bytes.ts';
import { baseName, childPath, parentPath } from '../../format/znode-path.ts';
import { noon, sampleStat } from '../../store/testing/samples.ts';

type Answer<Value> = Result<Value, ApiError>;

export class ScriptedZnodes {
  readonly #values = new Map<string, ZnodeValue>([
    ['/', { path: '/', data: encodeBytes(utf8Bytes('')), stat: sampleStat() }],
  ]);
  readonly #names = new Map<string, readonly string[]>();
  readonly #listeners = new Set<() => void>();
  #zxid = 2 ** 33;

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts a znode there, whether it was or not, as another client would. */
  write(path: string, data: Uint8Array | string, change: Partial<ZnodeStat> = {}): void {
    const bytes = encodeBytes(typeof data === 'string' ? utf8Bytes(data) : data);
    const before = this.#values.get(path)?.stat;
    const zxid = this.#nextZxid();
    const stat = sampleStat({
      ...(before ?? { czxid: zxid }),
      version: before === undefined ? 0 : before.version + 1,
      mzxid: zxid,
      mtimeMs: noon,
      dataLength: bytes.length,
      ...change,
    });
    this.#values.set(path, { path, data: bytes, stat });
    if (before === undefined && path !== '/') this.#childrenChanged(parentPath(path));
    this.#tell();
  }

  /** Puts very many children below a znode, at once. */
  fill(path: string, count: number): void {
    for (let at = 0; at < count; at += 1) {
      const child = childPath(path, `n${String(at).padStart(7, '0')}`);
      this.#values.set(child, { path: child, data: encodeBytes(new Uint8Array()), stat: sampleStat() });
    }
    this.#childrenChanged(path);
    this.#tell();
  }

  /** Takes a znode away, as another client would. */
  erase(path: string): void {
    this.#values.delete(path);
    this.#childrenChanged(parentPath(path));
    this.#tell();
  }

  get(path: string): Answer<ZnodeValue> {
    const value = this.#values.get(path);
    return value === undefined ? refusal('noNode', `${path} does not exist.`) : ok(value);
  }

  acl(path: string): Answer<CommandOutput<'znode.acl'>> {
    const value = this.get(path);
    if (!value.ok) return value;
    return ok({ path, stat: value.value.stat, acl: [{ permissions: 31, scheme: 'world', id: 'anyone' }] });
  }

  children({ path, offset, limit }: CommandInput<'znode.children'>): Answer<CommandOutput<'znode.children'>> {
    const value = this.get(path);
    if (!value.ok) return value;
    const names = this.#namesBelow(path);
    const children = names
      .slice(offset, offset + limit)
      .map((name) => ({ name, stat: this.#values.get(childPath(path, name))?.stat ?? null }));
    return ok({ path, stat: value.value.stat, total: names.length, offset, children });
  }

  create({ path, data, mode }: CommandInput<'znode.create'>): Answer<{ path: string }> {
    if (this.#values.has(path)) return refusal('nodeExists', `${path} exists already.`);
    if (!this.#values.has(parentPath(path))) return refusal('noNode', `${parentPath(path)} does not exist.`);
    const ephemeralOwner = mode.startsWith('ephemeral') ? '8589934592' : '0';
    this.write(
      path,
      Uint8Array.from(atob(data.base64), (char) => char.charCodeAt(0)),
      { ephemeralOwner },
    );
    return ok({ path });
  }

  set({ path, data, version }: CommandInput<'znode.set'>): Answer<CommandOutput<'znode.set'>> {
    const value = this.get(path);
    if (!value.ok) return value;
    if (version !== -1 && version !== value.value.stat.version) {
      return refusal('badVersion', `${path} is at version ${value.value.stat.version}, not ${version}.`);
    }
    this.write(
      path,
      Uint8Array.from(atob(data.base64), (char) => char.charCodeAt(0)),
    );
    return ok({ path, stat: this.#values.get(path)?.stat ?? value.value.stat });
  }

  remove({ path }: CommandInput<'znode.delete'>): Answer<null> {
    const value = this.get(path);
    if (!value.ok) return value;
    if (this.#namesBelow(path).length > 0) return refusal('notEmpty', `${path} has children.`);
    this.erase(path);
    return ok(null);
  }

  watch(path: string): ZnodeWatch {
    const value = this.#values.get(path);
    return value === undefined ? { kind: 'absent', path } : { kind: 'present', value };
  }

  watchChildren(path: string): ChildrenWatch {
    const value = this.#values.get(path);
    if (value === undefined) return { kind: 'absent', path };
    return { kind: 'present', path, stat: value.stat, total: this.#namesBelow(path).length };
  }

  /** Sorted as the server sorts, and remembered: a large list is asked for page by page. */
  #namesBelow(path: string): readonly string[] {
    const known = this.#names.get(path);
    if (known !== undefined) return known;
    const below = [...this.#values.keys()].filter((other) => other !== '/' && parentPath(other) === path);
    const names = below.map(baseName).sort();
    this.#names.set(path, names);
    return names;
  }

  #childrenChanged(path: string): void {
    this.#names.delete(path);
    const value = this.#values.get(path);
    if (value === undefined) return;
    const { stat } = value;
    const numChildren = this.#namesBelow(path).length;
    this.#values.set(path, { ...value, stat: { ...stat, cversion: stat.cversion + 1, numChildren } });
  }

  #nextZxid(): string {
    this.#zxid += 1;
    return String(this.#zxid);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A failure of the API with this code. */
export function refusal(
  code: ApiError['code'],
  what: string,
): { readonly ok: false; readonly error: ApiError } {
  return fail({ code, what, meaning: '', todo: '', facts: {} });
}
