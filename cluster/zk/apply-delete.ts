/** Applies `delete` (`PrepRequestProcessor`, `DataTree.deleteNode`). */
import { permits } from './acl.ts';
import { findFlaw } from './admit.ts';
import { parentPath } from './path.ts';
import { permissions } from './records.ts';
import type { TreeWrite } from './requests.ts';
import { failures, matchesVersion, type PartAnswer, type WriteContext } from './write-context.ts';
import type { Znode } from './znode.ts';

const deleted = { kind: 'deleted' } as const;

export function applyDelete(
  context: WriteContext,
  request: Extract<TreeWrite, { readonly kind: 'delete' }>,
): PartAnswer {
  const flaw = findFlaw(request);
  if (flaw !== null) return failures[flaw];
  const parent = context.tree.parentOf(request.path);
  if (parent === undefined) return failures.noNode;
  if (!permits(parent.acl.acl, permissions.delete, context.auth)) return failures.noAuth;
  const znode = context.tree.get(request.path);
  if (znode === undefined) return failures.noNode;
  if (!matchesVersion(znode.version, request.version)) return failures.badVersion;
  if (znode.childCount > 0) return failures.notEmpty;
  removeZnode(context, znode, request.path);
  return deleted;
}

/** Removes a childless znode with its events: also the end of an ephemeral one. */
export function removeZnode(
  context: Pick<WriteContext, 'tree' | 'moment' | 'events'>,
  znode: Znode,
  path: string,
): void {
  context.tree.remove(znode, context.moment.zxid);
  context.events.push({ kind: 'nodeDeleted', path }, { kind: 'nodeChildrenChanged', path: parentPath(path) });
}
