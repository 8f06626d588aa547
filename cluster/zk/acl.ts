/** Access control: what an ACL may say, what it resolves to for a client, and what it permits. */
import { fail, ok, type Result } from '../base/result.ts';
import { ipMatches, isIpExpression } from './ip-address.ts';
import { type Acl, type AuthId, permissions } from './records.ts';

/** `ZooDefs.Ids.OPEN_ACL_UNSAFE`. The codec hands out this very object, so the common case is one comparison. */
export const openAcl: readonly Acl[] = [{ permissions: permissions.all, scheme: 'world', id: 'anyone' }];

/** `ZooDefs.Ids.READ_ACL_UNSAFE`. */
export const readOnlyAcl: readonly Acl[] = [{ permissions: permissions.read, scheme: 'world', id: 'anyone' }];

/**
 * Whether a client may send this ACL (`PrepRequestProcessor.fixupACL`): not empty, known schemes,
 * ids in their form. The scheme `auth` is fine here: `resolveAcl` replaces it.
 */
export function isWellFormedAcl(acl: readonly Acl[]): boolean {
  return acl.length > 0 && acl.every((entry) => entry.scheme === 'auth' || isStorableEntry(entry));
}

/** Whether a znode may carry this ACL: well-formed, with nothing left to resolve. */
export function isResolvedAcl(acl: readonly Acl[]): boolean {
  return acl === openAcl || (acl.length > 0 && acl.every(isStorableEntry));
}

/**
 * The ACL to store for a client with these identities: doubles removed, `auth` replaced by every
 * identity the client proved. Done by the origin, which knows the connection. `invalidAcl` when
 * the ACL is malformed, or says `auth` and the client proved nothing (an address proves nothing).
 */
export function resolveAcl(
  acl: readonly Acl[],
  auth: readonly AuthId[],
): Result<readonly Acl[], 'invalidAcl'> {
  if (!isWellFormedAcl(acl)) return fail('invalidAcl');
  const proved = auth.filter((identity) => identity.scheme === 'digest');
  const resolved = withoutDoubles(acl).flatMap((entry) =>
    entry.scheme === 'auth'
      ? proved.map((identity) => ({ permissions: entry.permissions, ...identity }))
      : [entry],
  );
  const unresolvable = proved.length === 0 && acl.some((entry) => entry.scheme === 'auth');
  return unresolvable ? fail('invalidAcl') : ok(resolved);
}

/**
 * Whether the ACL grants one of the `wanted` permission bits to a client with these identities
 * (`ZooKeeperServer.checkACL`). The scheme `super` may do everything.
 */
export function permits(acl: readonly Acl[], wanted: number, auth: readonly AuthId[]): boolean {
  if (acl === openAcl) return true;
  return acl.some((entry) => grants(entry, wanted, auth)) || auth.some(({ scheme }) => scheme === 'super');
}

/** The ACL as shown to a client without ADMIN: password hashes hidden (`FinalRequestProcessor`, getACL). */
export function maskAcl(acl: readonly Acl[]): readonly Acl[] {
  return acl.map((entry) =>
    entry.scheme === 'digest' ? { ...entry, id: entry.id.replace(/:.*/s, ':x') } : entry,
  );
}

function grants(entry: Acl, wanted: number, auth: readonly AuthId[]): boolean {
  if ((entry.permissions & wanted) === 0) return false;
  if (entry.scheme === 'world') return true;
  return auth.some(
    ({ scheme, id }) =>
      scheme === entry.scheme && (scheme === 'ip' ? ipMatches(id, entry.id) : id === entry.id),
  );
}

function isStorableEntry(entry: Acl): boolean {
  if (entry.scheme === 'world') return entry.id === 'anyone';
  if (entry.scheme === 'ip') return isIpExpression(entry.id);
  return entry.scheme === 'digest' && isDigestId(entry.id);
}

/** `user:hash` as Java's `split(":")` sees it: two parts once empty ones at the end are dropped. */
function isDigestId(id: string): boolean {
  const parts = id.replace(/:+$/, '').split(':');
  return parts.length === 2;
}

function withoutDoubles(acl: readonly Acl[]): readonly Acl[] {
  return acl.filter((entry, at) => acl.findIndex((other) => isSameEntry(entry, other)) === at);
}

function isSameEntry(one: Acl, other: Acl): boolean {
  return one.permissions === other.permissions && one.scheme === other.scheme && one.id === other.id;
}
