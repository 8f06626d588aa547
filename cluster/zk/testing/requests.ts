/**
 * Random requests over few paths and few values, so that they meet. The source of chance is the
 * caller's: fast-check in property tests, a seed in the comparison with ZooKeeper.
 */
import { encodeUtf8 } from '../../base/utf8.ts';
import { openAcl, readOnlyAcl } from '../acl.ts';
import { digestIdentity } from '../digest-auth.ts';
import { type Acl, type CreateMode, permissions } from '../records.ts';
import type { ReadRequest, TreeWrite, WriteRequest } from '../requests.ts';

/** Chooses one of the items, each as likely. */
export type Pick = <Item>(items: readonly Item[]) => Item;

export const credentials: readonly string[] = ['ann:secret', 'bob:secret'];
const annId = digestIdentity(encodeUtf8('ann:secret')).id;

const names = ['a', 'b', 'c'];
const topPaths = names.map((name) => `/${name}`);
const deepPaths = topPaths.flatMap((path) => names.map((name) => `${path}/${name}`));
const systemPaths = ['/zookeeper', '/zookeeper/quota', '/zookeeper/config', '/zookeeper/x'];
/** Every path that a request may name; sequential children come on top. */
export const paths: readonly string[] = ['/', ...topPaths, ...deepPaths, '/a/a/a', '/a/b/c', ...systemPaths];

const likelyPaths = [...topPaths, ...topPaths, ...deepPaths];
const versions = [-1, -1, -1, 0, 0, 1, 2];
const datas = ['', 'x', 'hello', 'a longer value, beyond one word'];
const modes: readonly CreateMode[] = [
  'persistent',
  'persistent',
  'ephemeral',
  'persistentSequential',
  'ephemeralSequential',
];

const everyone = { scheme: 'world', id: 'anyone' };
const all = { permissions: permissions.all };
const unusualAcls: readonly (readonly Acl[])[] = [
  readOnlyAcl,
  [{ ...all, scheme: 'auth', id: '' }],
  [{ permissions: permissions.all & ~permissions.admin, ...everyone }],
  [{ ...all, scheme: 'ip', id: '127.0.0.1' }],
  [{ ...all, scheme: 'ip', id: '10.0.0.0/8' }],
  [
    { ...all, scheme: 'digest', id: annId },
    { permissions: permissions.read | permissions.create, ...everyone },
    { permissions: permissions.read | permissions.create, ...everyone },
  ],
  [],
  [{ ...all, scheme: 'digest', id: 'nocolon' }],
  [{ ...all, scheme: 'world', id: 'somebody' }],
  [{ ...all, scheme: 'unheardOf', id: 'x' }],
];

/** A part of a `multi` as ZooKeeper takes it: no `setAcl`, and no `create2`, which kazoo cannot read there. */
function pickPart(pick: Pick): TreeWrite {
  const path = pickPath(pick);
  switch (pick(['create', 'create', 'create', 'delete', 'setData', 'setData', 'check'] as const)) {
    case 'create':
      return {
        kind: 'create',
        wantsStat: false,
        path,
        data: encodeUtf8(pick(datas)),
        acl: pickAcl(pick),
        mode: pick(modes),
      };
    case 'delete':
      return { kind: 'delete', path, version: pick(versions) };
    case 'setData':
      return { kind: 'setData', path, data: encodeUtf8(pick(datas)), version: pick(versions) };
    case 'check':
      return { kind: 'check', path, version: pick(versions) };
  }
}

export function pickMulti(pick: Pick): WriteRequest {
  const parts = Array.from({ length: pick([0, 1, 2, 2, 3, 3, 4]) }, () => pickPart(pick));
  return { kind: 'multi', parts };
}

export function pickWrite(pick: Pick): WriteRequest {
  const kind = pick(['part', 'part', 'part', 'part', 'create2', 'setAcl', 'multi'] as const);
  if (kind === 'multi') return pickMulti(pick);
  if (kind === 'setAcl') {
    return { kind: 'setAcl', path: pickPath(pick), acl: pickAcl(pick), version: pick(versions) };
  }
  const part = pickPart(pick);
  // Clients send `check` inside a `multi` only.
  if (part.kind === 'check') return { kind: 'multi', parts: [part] };
  return part.kind === 'create' ? { ...part, wantsStat: kind === 'create2' } : part;
}

export function pickRead(pick: Pick): ReadRequest {
  const path = pickPath(pick);
  switch (pick(['exists', 'getData', 'getAcl', 'getChildren'] as const)) {
    case 'exists':
      return { kind: 'exists', path, watch: false };
    case 'getData':
      return { kind: 'getData', path, watch: false };
    case 'getAcl':
      return { kind: 'getAcl', path };
    case 'getChildren':
      return { kind: 'getChildren', path, watch: false, withStat: pick([true, false]) };
  }
}

function pickPath(pick: Pick): string {
  return pick(pick([likelyPaths, likelyPaths, likelyPaths, paths]));
}

function pickAcl(pick: Pick): readonly Acl[] {
  return pick([openAcl, openAcl, openAcl, openAcl, pick(unusualAcls)]);
}
