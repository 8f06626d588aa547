/** Why a member must not be started: "nothing on disk" is never taken for "new" (DESIGN.md 5.2). */
import { unreachable } from '../base/assert.ts';
import { dataDirectoryState, memberFolders } from './data-folder.ts';
import type { FatalReason } from './member-messages.ts';
import type { Roster } from './roster.ts';

/** Null: it may be started. `making`: its data directory is being made right now. */
export function startRefusal(
  roster: Roster,
  { id, making }: { readonly id: number; readonly making: boolean },
): FatalReason | null {
  const standing = roster.member(id)?.standing ?? 'lost';
  if (standing === 'making') return making ? null : neverMade(id);
  if (standing === 'lost') return givenUp(id);
  const folder = memberFolders(roster.path, id).data;
  const state = dataDirectoryState(roster.path, id);
  switch (state) {
    case 'present':
      return null;
    case 'absent':
      return directoryLost(`The data directory ${folder} is gone.`, id);
    case 'empty':
      return directoryLost(`The data directory ${folder} is empty.`, id);
    default:
      return unreachable(state);
  }
}

function directoryLost(what: string, id: number): FatalReason {
  return {
    code: 'directoryVanished',
    what,
    meaning: 'The member would come back without what it voted and acknowledged, so it was not started.',
    todo: `Put the directory back as it was, or take the member in anew with \`muster member replace ${id}\`.`,
  };
}

function givenUp(id: number): FatalReason {
  return {
    code: 'removedSeat',
    what: `The data directory of member ${id} was given up.`,
    meaning: 'The ensemble has gone on without it; what is in it must not take part again.',
    todo: `Take the member in anew with \`muster member replace ${id}\`: the old directory is archived, not deleted.`,
  };
}

function neverMade(id: number): FatalReason {
  return {
    code: 'neverMade',
    what: `The data directory of member ${id} was never completed.`,
    meaning: 'The change that was to take the member in broke off; the member belongs to nothing yet.',
    todo: 'Go on with it: `muster member continue`. Or give it up: `muster member abandon`.',
  };
}
