/** Answers reads from the tree (`FinalRequestProcessor`). */
import { unreachable } from '../base/assert.ts';
import { maskAcl, permits } from './acl.ts';
import { type AuthId, permissions } from './records.ts';
import type { ReadAnswer, ReadRequest } from './requests.ts';
import type { Tree } from './tree.ts';
import { failures } from './write-context.ts';
import { statOf, type Znode } from './znode.ts';

/** Total, like apply. Watches are the caller's business. */
export function read(tree: Tree, request: ReadRequest, auth: readonly AuthId[]): ReadAnswer {
  if (request.kind === 'exists' && request.path.includes('\0')) return failures.badArguments;
  const znode = tree.get(request.path);
  if (znode === undefined) return failures.noNode;
  if (!permits(znode.acl.acl, wantedBy(request), auth)) return failures.noAuth;
  switch (request.kind) {
    case 'exists':
      return { kind: 'stat', stat: statOf(znode) };
    case 'getData':
      return { kind: 'data', data: znode.data, stat: statOf(znode) };
    case 'getAcl':
      return { kind: 'acl', acl: visibleAcl(znode, auth), stat: statOf(znode) };
    case 'getChildren': {
      const names = znode.childNames();
      return { kind: 'children', names, stat: request.withStat ? statOf(znode) : null };
    }
    default:
      return unreachable(request);
  }
}

/** An ACL may be seen by who may read the znode or change the ACL. */
function wantedBy(request: ReadRequest): number {
  return request.kind === 'getAcl' ? permissions.read | permissions.admin : permissions.read;
}

function visibleAcl(znode: Znode, auth: readonly AuthId[]): ReturnType<typeof maskAcl> {
  const { acl } = znode.acl;
  return permits(acl, permissions.admin, auth) ? acl : maskAcl(acl);
}
