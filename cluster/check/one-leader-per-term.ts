/** Election safety (Raft, figure 3): at most one leader is elected in a term. */
import type { MemberId, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class OneLeaderPerTerm {
  readonly #leaders = new Map<Term, MemberId>();

  /** Elections won so far. */
  get elections(): number {
    return this.#leaders.size;
  }

  observe(member: MemberId, status: { readonly role: string; readonly term: Term }): void {
    if (status.role !== 'leader') return;
    const known = this.#leaders.get(status.term);
    if (known === undefined) this.#leaders.set(status.term, member);
    else if (known !== member) {
      throw new Violation('one leader per term', `${known} and ${member} both lead term ${status.term}`);
    }
  }
}
