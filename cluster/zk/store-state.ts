/** Everything that replication keeps equal, as one thing that an image can be taken of and put in place. */
import { type LogIndex, logIndex, type Term, term, type Zxid, zxid } from '../base/ids.ts';
import { emptyMembership, type Membership } from '../base/membership.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import { DigestSum, RecordHash, recordKinds } from './digest.ts';
import { OriginTable } from './origins.ts';
import { SessionTable } from './sessions.ts';
import { Tree } from './tree.ts';

export interface StoreState {
  readonly tree: Tree;
  readonly sessions: SessionTable;
  readonly origins: OriginTable;
  readonly membership: MembershipRow;
  /** Of the last applied entry. */
  term: Term;
  /** Entries of this term applied so far. */
  entriesOfTerm: number;
  zxid: Zxid;
  appliedIndex: LogIndex;
}

/** The membership with its part of the digest. */
export class MembershipRow {
  readonly digest = new DigestSum();
  readonly #hash = new RecordHash();
  #current: Membership = emptyMembership;

  constructor() {
    this.replace(emptyMembership);
  }

  get current(): Membership {
    return this.#current;
  }

  replace(membership: Membership): void {
    // The hash of the one before; zero before the first.
    this.digest.subtract(this.#hash);
    this.#current = membership;
    this.#hash.start(recordKinds.membership);
    this.#hash.bytes(encodeMembershipRecord({ membership, cause: 'changed' }));
    this.#hash.finish();
    this.digest.add(this.#hash);
  }
}

/** What every ensemble begins with. */
export function foundedState(): StoreState {
  return stateWith(Tree.founded());
}

/** A store before its first entry, around these znodes. */
export function stateWith(tree: Tree): StoreState {
  return {
    tree,
    sessions: new SessionTable(),
    origins: new OriginTable(),
    membership: new MembershipRow(),
    term: term(0),
    entriesOfTerm: 0,
    zxid: zxid(0),
    appliedIndex: logIndex(0),
  };
}

/** 16 hexadecimal digits over the content; where in the log it was reached is no part of it. */
export function digestOf({ tree, sessions, origins, membership }: StoreState): string {
  return DigestSum.hex([tree.digest, sessions.digest, origins.digest(), membership.digest]);
}
