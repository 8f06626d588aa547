/** Znodes as the console and the CLI see them: values lossless, ids decimal, children in pages. */
import { z } from 'zod';
import { decimalId, encodedBytes } from './bytes.ts';

/** Longest path accepted from a client of the console, in characters (own choice). */
export const znodePathLengthMax = 65_536;

/** Only that it looks like a path: the store says precisely what is wrong with it. */
export const znodePath = z.string().startsWith('/', 'a path starts with /').max(znodePathLengthMax);

/** `Stat` of ZooKeeper's data model. Times are wall milliseconds, ids decimal. */
export const znodeStat = z.object({
  czxid: decimalId,
  mzxid: decimalId,
  pzxid: decimalId,
  ctimeMs: z.number(),
  mtimeMs: z.number(),
  version: z.number(),
  cversion: z.number(),
  aversion: z.number(),
  /** Session that an ephemeral znode ends with; "0" for a persistent one. */
  ephemeralOwner: decimalId,
  dataLength: z.number(),
  numChildren: z.number(),
});
export type ZnodeStat = z.infer<typeof znodeStat>;

export const znodeKind = z.enum(['persistent', 'ephemeral']);
export type ZnodeKind = z.infer<typeof znodeKind>;

/** The kind that a stat tells. Whether a znode was made sequential is not recorded by ZooKeeper. */
export function znodeKindOf(stat: ZnodeStat): ZnodeKind {
  return stat.ephemeralOwner === '0' ? 'persistent' : 'ephemeral';
}

export const createMode = z.enum(['persistent', 'ephemeral', 'persistentSequential', 'ephemeralSequential']);
export type ZnodeCreateMode = z.infer<typeof createMode>;

/** One `ACL`: permission bits (read 1, write 2, create 4, delete 8, admin 16) for one identity. */
export const znodeAcl = z.object({
  permissions: z.number().int().min(0).max(31),
  scheme: z.string(),
  id: z.string(),
});
export type ZnodeAcl = z.infer<typeof znodeAcl>;

export const znodeValue = z.object({ path: z.string(), stat: znodeStat, data: encodedBytes });
export type ZnodeValue = z.infer<typeof znodeValue>;

/** A child in a page; `stat` is null when names alone were asked for, or it was gone by then. */
export const childSummary = z.object({ name: z.string(), stat: znodeStat.nullable() });
export type ChildSummary = z.infer<typeof childSummary>;

/** Children `offset` … of a znode, sorted by name (UTF-16 code units); `total` of them at that time. */
export const childrenPage = z.object({
  path: z.string(),
  /** The parent's stat: a changed `cversion` says that other pages are of another list. */
  stat: znodeStat,
  total: z.number(),
  offset: z.number(),
  children: z.array(childSummary),
});
export type ChildrenPage = z.infer<typeof childrenPage>;

/** What a live view of one znode shows. */
export const znodeWatch = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('present'), value: znodeValue }),
  z.object({ kind: z.literal('absent'), path: z.string() }),
]);
export type ZnodeWatch = z.infer<typeof znodeWatch>;

/** What a live view of a znode's children shows: that they changed, and how many there are. */
export const childrenWatch = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('present'), path: z.string(), stat: znodeStat, total: z.number() }),
  z.object({ kind: z.literal('absent'), path: z.string() }),
]);
export type ChildrenWatch = z.infer<typeof childrenWatch>;
