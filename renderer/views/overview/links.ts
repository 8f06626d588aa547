/** What is known of each link between two members, in each direction. */
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import { cutLinks } from '../../store/selectors.ts';
import { conditionOf, isCurrent } from '../member-state.ts';

/** A link that carried nothing for so long is drawn as idle. */
const idleAfterMs = 1_500;

/** `unknown`: no end that could tell reports now. */
export type LinkState = 'live' | 'idle' | 'cut' | 'unknown';

export interface Link {
  readonly a: number;
  readonly b: number;
  readonly forth: LinkState;
  readonly back: LinkState;
  /** The latest round trip that either end measured. */
  readonly roundTripMs: number | null;
  readonly ofLeader: boolean;
}

/** Every pair of members once, the smaller id first. */
export function linksOf(
  members: readonly MemberView[],
  facts: { readonly leader: number | null; readonly nowMs: number | null },
): readonly Link[] {
  const cut = cutLinks(members);
  const links: Link[] = [];
  members.forEach((a, at) => {
    for (const b of members.slice(at + 1)) {
      const forth = stateOf({ from: a, to: b, cut, nowMs: facts.nowMs });
      const back = stateOf({ from: b, to: a, cut, nowMs: facts.nowMs });
      const carries = forth === 'live' || back === 'live';
      links.push({
        a: a.id,
        b: b.id,
        forth,
        back,
        roundTripMs: carries ? roundTripBetween(a, b) : null,
        ofLeader: facts.leader === a.id || facts.leader === b.id,
      });
    }
  });
  return links;
}

function stateOf(link: {
  readonly from: MemberView;
  readonly to: MemberView;
  readonly cut: ReadonlySet<string>;
  readonly nowMs: number | null;
}): LinkState {
  const { from, to, cut, nowMs } = link;
  if (cut.has(`${from.id}>${to.id}`)) return 'cut';
  if (!isCurrent(conditionOf(to, nowMs)) || !isCurrent(conditionOf(from, nowMs))) return 'unknown';
  const heardMsAgo = to.report?.links.find(({ id }) => id === from.id)?.heardMsAgo ?? null;
  return heardMsAgo !== null && heardMsAgo <= idleAfterMs ? 'live' : 'idle';
}

function roundTripBetween(a: MemberView, b: MemberView): number | null {
  const measured = [
    a.report?.links.find(({ id }) => id === b.id)?.roundTripMs,
    b.report?.links.find(({ id }) => id === a.id)?.roundTripMs,
  ].filter((value) => value !== null && value !== undefined);
  return measured.length === 0 ? null : Math.min(...measured);
}

/** Votes for another member in an election that is open now: who gave theirs to whom. */
export function votesOf(
  members: readonly MemberView[],
  nowMs: number | null,
): readonly { readonly from: number; readonly to: number }[] {
  const candidates = new Map(
    members.flatMap((member) =>
      conditionOf(member, nowMs) === 'candidate' ? [[member.id, member.report?.term] as const] : [],
    ),
  );
  return members.flatMap((member) => {
    const { report } = member;
    if (report === null || !isCurrent(conditionOf(member, nowMs))) return [];
    const { votedFor, term } = report;
    if (votedFor === null || votedFor === member.id || candidates.get(votedFor) !== term) return [];
    return [{ from: member.id, to: votedFor }];
  });
}
