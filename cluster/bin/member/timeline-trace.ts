/** A trace that also tells the supervisor what belongs on the timeline. */
import type { Trace } from '../../ports/trace.ts';
import type { MemberEvent } from '../../supervisor/member-messages.ts';

type Facts = MemberEvent['facts'];

export interface TraceListener {
  /** For the timeline. */
  event(event: MemberEvent): void;
  /** The member's role, its leader, or whether it serves clients has changed. */
  stateChanged(): void;
}

/** Passes everything on to `trace`, and what the operator should see to `listener`. */
export function watchTrace(trace: Trace, listener: TraceListener): Trace {
  return {
    emit: (level, event, facts = {}) => {
      writeLine(trace, [level, event, facts]);
      const worthTelling = eventOf(level === 'debug' ? 'info' : level, event, facts);
      if (worthTelling !== null) listener.event(worthTelling);
      if (event === 'roleChanged' || event === 'serving') listener.stateChanged();
    },
  };
}

/** A log file that cannot be written (a full disk) is no reason to stop a member. */
function writeLine(trace: Trace, line: Parameters<Trace['emit']>): void {
  try {
    trace.emit(...line);
  } catch (failure) {
    process.stderr.write(`${JSON.stringify(line)} could not be logged: ${String(failure)}\n`);
  }
}

function eventOf(level: MemberEvent['level'], event: string, facts: Facts): MemberEvent | null {
  if (event === 'roleChanged') return roleEvent(facts);
  const told = toldAsTheyAre.find((kind) => kind === event);
  return told === undefined ? null : { kind: told, level, facts };
}

/** Events that go on the timeline as the member traces them. */
const toldAsTheyAre = [
  'tailCut',
  'membershipChanged',
  'leadershipTransferred',
  'transferGivenUp',
  'snapshotTaken',
  'snapshotFailed',
  'snapshotInstalled',
  'compacted',
  'repairStarted',
  'repaired',
  'diskFull',
  'diskFailing',
  'diskRecovered',
  'diverged',
  'fenced',
] as const satisfies readonly MemberEvent['kind'][];

/** A change of term or leader alone is the ensemble's affair: the supervisor sees it in the reports. */
function roleEvent(facts: Facts): MemberEvent | null {
  const { role = null, before = null, term = null } = facts;
  if (role === before) return null;
  if (role === 'leader') return { kind: 'memberBecameLeader', level: 'info', facts: { term } };
  if (before === 'leader') return { kind: 'memberSteppedDown', level: 'warn', facts: { term } };
  // A pre-vote only asks whether an election could be won: it is not one.
  return role === 'candidate' ? { kind: 'electionStarted', level: 'info', facts: { term } } : null;
}
