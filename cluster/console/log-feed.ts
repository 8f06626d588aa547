/**
 * The ends of the members' logs, live. A member's log is read again when its report says that it
 * moved; what was committed when it was last sent is final, everything after is sent anew.
 */
import type { MemberReport } from '../api/ensemble.ts';
import { logTailEntriesMax } from '../api/views.ts';
import { consoleLogPeriodMs } from '../base/limits.ts';
import { createPace } from './pace.ts';
import type { ConsoleSupervisor } from './ports.ts';
import type { Feed, FeedSink } from './subscription.ts';

/** Where a log stood. The term tells an overwritten tail from an unchanged one of the same length. */
type Marks = Pick<MemberReport, 'last' | 'commit' | 'applied' | 'term'>;

/** Sends an empty snapshot at once, then each member's page as a delta: a paused one holds up none. */
export function openLogFeed(
  members: readonly number[],
  { supervisor, sink }: { readonly supervisor: ConsoleSupervisor; readonly sink: FeedSink },
): Feed {
  sink.snapshot({ view: 'log', pages: [] });
  const tails = [...new Set(members)].map((member) => followTail(member, { supervisor, sink }));
  const unlisten = supervisor.onChange(() => {
    for (const tail of tails) tail.moved();
  });
  return {
    resync() {
      if (!sink.snapshot({ view: 'log', pages: [] })) return;
      for (const tail of tails) tail.restart();
    },
    stop() {
      unlisten();
      for (const tail of tails) tail.stop();
    },
  };
}

interface Tail {
  /** The member may have moved. */
  moved(): void;
  /** The client knows nothing any more. */
  restart(): void;
  stop(): void;
}

function followTail(
  member: number,
  { supervisor, sink }: { readonly supervisor: ConsoleSupervisor; readonly sink: FeedSink },
): Tail {
  let sent: Marks | null = null;
  let reading = false;
  let restarts = 0;

  async function follow(): Promise<void> {
    const marks = supervisor.view().members.find((one) => one.id === member)?.report ?? null;
    if (reading || marks === null || (sent !== null && sameMarks(sent, marks))) return;
    reading = true;
    const restartsBefore = restarts;
    const from = Math.max((sent?.commit ?? 0) + 1, marks.last - logTailEntriesMax + 1);
    const page = await supervisor.readLog({ member, from, count: logTailEntriesMax });
    reading = false;
    if (!page.ok) return;
    const joinsOn = restarts === restartsBefore;
    if (joinsOn && sink.delta({ view: 'log', page: page.value })) sent = marks;
    pace.request();
  }

  const pace = createPace(consoleLogPeriodMs, () => void follow());
  pace.request();
  return {
    moved: pace.request,
    restart() {
      sent = null;
      restarts += 1;
      pace.request();
    },
    stop: pace.stop,
  };
}

function sameMarks(one: Marks, other: Marks): boolean {
  return (
    one.last === other.last &&
    one.commit === other.commit &&
    one.applied === other.applied &&
    one.term === other.term
  );
}
