/**
 * Well-formedness of writes (`PrepRequestProcessor`), apart from any tree. The origin admits a
 * request before the log; apply judges it again, because only there is a part of a `multi` answered
 * by itself, and because apply must be total whatever the log holds.
 */
import { clientFrameBytesMax } from '../base/limits.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { isWellFormedAcl, resolveAcl } from './acl.ts';
import type { ZkError } from './errors.ts';
import { isSpecialPath, isValidPath } from './path.ts';
import type { AuthId } from './records.ts';
import type { TreeWrite, WriteRequest } from './requests.ts';

/**
 * The request as it may enter the log: its ACLs resolved for a client with these identities. The
 * error of one that must not. A `multi`, even an empty one, always may: its malformed parts get
 * their errors at apply.
 */
export function admit(request: WriteRequest, auth: readonly AuthId[]): Result<WriteRequest, ZkError> {
  if (request.kind === 'multi') {
    return ok({ kind: 'multi', parts: request.parts.map((part) => withResolvedAcl(part, auth) ?? part) });
  }
  const flaw = findFlaw(request);
  if (flaw !== null) return fail(flaw);
  const resolved = withResolvedAcl(request, auth);
  return resolved === null ? fail('invalidAcl') : ok(resolved);
}

/** What makes one write malformed on every tree, or null. An ACL may still say `auth`. */
export function findFlaw(write: TreeWrite): ZkError | null {
  switch (write.kind) {
    case 'create':
      return createFlaw(write);
    case 'delete':
      return isUsableForDelete(write.path) ? null : 'badArguments';
    case 'setData':
      return isValidPath(write.path) && write.data.length <= clientFrameBytesMax ? null : 'badArguments';
    case 'setAcl':
      if (!isValidPath(write.path)) return 'badArguments';
      return isWellFormedAcl(write.acl) ? null : 'invalidAcl';
    case 'check':
      return isValidPath(write.path) ? null : 'badArguments';
  }
}

/** Null when the ACL cannot be resolved: such a part keeps its ACL, which apply then refuses. */
function withResolvedAcl(write: TreeWrite, auth: readonly AuthId[]): TreeWrite | null {
  if (write.kind !== 'create' && write.kind !== 'setAcl') return write;
  const resolved = resolveAcl(write.acl, auth);
  return resolved.ok ? { ...write, acl: resolved.value } : null;
}

/**
 * A sequential name is judged with its digits: `/locks/` is a fine prefix. ZooKeeper judges a
 * create's path after it has looked at the parent; here a malformed one never enters the log.
 */
function createFlaw(create: Extract<TreeWrite, { readonly kind: 'create' }>): ZkError | null {
  const sequential = create.mode === 'persistentSequential' || create.mode === 'ephemeralSequential';
  if (!isValidPath(sequential ? `${create.path}0` : create.path)) return 'badArguments';
  if (create.data.length > clientFrameBytesMax) return 'badArguments';
  return isWellFormedAcl(create.acl) ? null : 'invalidAcl';
}

/** `getParentPathAndValidate`: any other malformed path simply names no znode. */
function isUsableForDelete(path: string): boolean {
  return path.includes('/') && !path.includes('\0') && !isSpecialPath(path);
}
