/** Applies `setData`, `setACL` and `check` (`PrepRequestProcessor`, `DataTree.setData`, `DataTree.setACL`). */
import { isResolvedAcl, permits } from './acl.ts';
import { findFlaw } from './admit.ts';
import { permissions } from './records.ts';
import type { TreeWrite } from './requests.ts';
import {
  failures,
  matchesVersion,
  type PartAnswer,
  versionAfter,
  type WriteContext,
} from './write-context.ts';
import { statOf } from './znode.ts';

type Part<Kind extends TreeWrite['kind']> = Extract<TreeWrite, { readonly kind: Kind }>;

const checked = { kind: 'checked' } as const;

export function applySetData(context: WriteContext, request: Part<'setData'>): PartAnswer {
  const flaw = findFlaw(request);
  if (flaw !== null) return failures[flaw];
  const znode = context.tree.get(request.path);
  if (znode === undefined) return failures.noNode;
  if (!permits(znode.acl.acl, permissions.write, context.auth)) return failures.noAuth;
  if (!matchesVersion(znode.version, request.version)) return failures.badVersion;
  const version = versionAfter(znode.version);
  context.tree.setData(znode, { data: request.data, version, ...context.moment });
  context.events.push({ kind: 'nodeDataChanged', path: request.path });
  return { kind: 'stat', stat: statOf(znode) };
}

export function applySetAcl(context: WriteContext, request: Part<'setAcl'>): PartAnswer {
  const flaw = findFlaw(request);
  if (flaw !== null) return failures[flaw];
  if (!isResolvedAcl(request.acl)) return failures.invalidAcl;
  const znode = context.tree.get(request.path);
  if (znode === undefined) return failures.noNode;
  if (!permits(znode.acl.acl, permissions.admin, context.auth)) return failures.noAuth;
  if (!matchesVersion(znode.aversion, request.version)) return failures.badVersion;
  context.tree.setAcl(znode, { acl: request.acl, aversion: versionAfter(znode.aversion) });
  return { kind: 'stat', stat: statOf(znode) };
}

export function applyCheck(context: WriteContext, request: Part<'check'>): PartAnswer {
  const flaw = findFlaw(request);
  if (flaw !== null) return failures[flaw];
  const znode = context.tree.get(request.path);
  if (znode === undefined) return failures.noNode;
  if (!permits(znode.acl.acl, permissions.read, context.auth)) return failures.noAuth;
  return matchesVersion(znode.version, request.version) ? checked : failures.badVersion;
}
