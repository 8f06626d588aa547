/**
 * Log matching (Raft, figure 3): two logs with an entry of the same index and term are equal up to it.
 * Held up by induction: such an entry has one content, and one term before it, wherever it is written.
 */
import type { Entry } from '../base/entry.ts';
import type { MemberId, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

interface Written {
  readonly kind: Entry['kind'];
  readonly payload: Uint8Array;
  readonly termBefore: Term;
  readonly by: MemberId;
}

export class LogMatching {
  readonly #written = new Map<string, Written>();

  /** This member wrote these consecutive entries behind an entry of `termBefore`. */
  wrote(
    member: MemberId,
    { entries, termBefore }: { readonly entries: readonly Entry[]; readonly termBefore: Term },
  ) {
    let before = termBefore;
    for (const entry of entries) {
      this.#compare(member, entry, before);
      before = entry.term;
    }
  }

  #compare(member: MemberId, { index, term, kind, payload }: Entry, termBefore: Term): void {
    const name = `${index}/${term}`;
    const known = this.#written.get(name);
    if (known === undefined) {
      this.#written.set(name, { kind, payload, termBefore, by: member });
      return;
    }
    const where = `index ${index} of term ${term} on ${known.by} and ${member}`;
    if (known.termBefore !== termBefore) {
      throw new Violation('log matching', `${where}: terms ${known.termBefore} and ${termBefore} before it`);
    }
    if (known.kind !== kind || !sameBytes(known.payload, payload)) {
      throw new Violation('log matching', `${where}: two contents`);
    }
  }
}

/** Whether two byte arrays are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
