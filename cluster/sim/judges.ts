/** The checkers of the store and of what clients are told, shared by all clients of a run. */
import type { EnsembleSettings } from '../api/settings.ts';
import type { Entry } from '../base/entry.ts';
import { type MemberId, type Term, type Zxid, zxid } from '../base/ids.ts';
import { AcknowledgedWrites } from '../check/acknowledged-writes.ts';
import { CommittedOnly } from '../check/committed-only.ts';
import { EphemeralOwners } from '../check/ephemeral-owners.ts';
import { judgeHistory, type Verdict } from '../check/linearizability/judge.ts';
import { RealTimeOrder } from '../check/real-time-order.ts';
import { SameDigest } from '../check/same-digest.ts';
import { SequenceRises } from '../check/sequence-rises.ts';
import { SessionsKept } from '../check/sessions-kept.ts';
import { Violation } from '../check/violation.ts';
import { WholeMultis } from '../check/whole-multis.ts';
import { decodeCommand } from '../zk/command-codec.ts';
import type { Applied, Store } from '../zk/store.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { Reference } from './reference.ts';
import type { Scheduler } from './scheduler.ts';
import { appendedUnder, ephemeralUnder } from './workload.ts';

/** How often the linearizability checker may ask whether to go on (own choice: under a second). */
const judgingPollsMax = 200;
/** Ways it follows at once; beyond, a history's verdict is `unknown`, and the other checkers' word stands. */
const judgingWidthMax = 128;

export class Judges {
  readonly writes = new AcknowledgedWrites();
  readonly multis = new WholeMultis();
  readonly order = new RealTimeOrder();
  readonly committed = new CommittedOnly();
  readonly ephemerals = new EphemeralOwners();
  readonly #scheduler: Scheduler;
  #reference = new Reference();
  #history: HistoryRecorder;
  #digests = new SameDigest();
  #sequence = new SequenceRises();
  /** Of the log before a forced recovery. */
  #zxidBefore = zxid(0);
  readonly #sessions = new SessionsKept();
  #verdict: Verdict | null = null;

  /** Whether every read waits for the leader's word, as a setting of the ensemble. */
  readonly readsAreFresh: boolean;

  constructor(scheduler: Scheduler, settings: Pick<EnsembleSettings, 'linearizableReads'>) {
    this.#scheduler = scheduler;
    this.readsAreFresh = settings.linearizableReads === 'on';
    this.#history = new HistoryRecorder(scheduler);
  }

  get reference(): Reference {
    return this.#reference;
  }

  get history(): HistoryRecorder {
    return this.#history;
  }

  /** The newest zxid that anybody may know of. */
  get zxid(): Zxid {
    const now = this.#reference.zxid;
    return now > this.#zxidBefore ? now : this.#zxidBefore;
  }

  /** An entry is committed. */
  commit(entry: Entry): void {
    const known = this.order.begin();
    const applied = this.#apply(entry);
    if (entry.kind === 'membership' && applied.zxid <= known && this.#zxidBefore > 0)
      throw new Violation('recovery raises the zxid', `${applied.zxid}, but ${known} was told before`);
    const atMs = this.#scheduler.nowMs;
    const { openedSession } = applied;
    if (openedSession !== null) {
      this.#sessions.opened(openedSession, this.reference.timeoutMs(openedSession));
    }
    if (applied.closedSessions.length > 0 && entry.kind === 'command') {
      const { body } = decodeCommand(entry.payload);
      if (body.kind === 'expireSession') this.#sessions.expired(body.session, { term: entry.term, atMs });
    }
  }

  /**
   * The ensemble goes on from these entries alone. Acknowledged writes that came behind may be missing,
   * but nobody's zxid falls; what was seen until now is judged by itself.
   */
  recovered(kept: readonly Entry[]): void {
    this.verifyHistory();
    this.#history = new HistoryRecorder(this.#scheduler);
    const before = this.#reference.children(appendedUnder);
    this.#zxidBefore = this.zxid;
    this.#reference = new Reference();
    this.ephemerals.recovered();
    this.#digests = new SameDigest();
    this.#sequence = new SequenceRises();
    for (const entry of kept) this.#apply(entry);
    const after = this.#reference.children(appendedUnder);
    for (const [path, serial] of before) if (after.get(path) !== serial) this.writes.mayBeLost(serial);
  }

  /** A member leads this term. */
  elected(term: Term): void {
    this.#sessions.elected(term, this.#scheduler.nowMs);
  }

  /** Compares a member's store with what it ought to be. */
  observeStore(member: MemberId, store: Store): void {
    const applied = store.appliedIndex;
    if (applied === 0) return;
    const expected = this.reference.digestAt(applied);
    if (expected !== null) this.#digests.observe('the log', { applied, digest: expected });
    this.#digests.observe(`member ${member}`, { applied, digest: store.digest() });
  }

  /** Sessions and their ephemeral znodes, while things happen or at the end. */
  checkEphemerals(when: 'underWay' | 'atTheEnd'): void {
    const found = this.reference.ephemeralsUnder(ephemeralUnder);
    this.ephemerals.verify(found, this.reference.sessions(), when);
  }

  #apply(entry: Entry): Applied {
    const applied = this.#reference.committed(entry);
    for (const { kind, path } of applied.events) {
      if (kind === 'nodeCreated' && path.startsWith(`${appendedUnder}/`))
        this.#sequence.created(appendedUnder, path);
    }
    return applied;
  }

  /** Whether there is an order of everything that clients did to the registers that explains what they saw. */
  verifyHistory(): void {
    let polls = 0;
    const judged = judgeHistory(this.history.events, {
      model: 'znode',
      // Counted, not timed: the verdict must not depend on the machine.
      monotonicMs: () => {
        polls += 1;
        return polls;
      },
      budgetMs: judgingPollsMax,
      widthMax: judgingWidthMax,
    });
    if (!judged.ok) throw new Violation('a history', `${judged.error.place}: ${judged.error.message}`);
    this.#verdict = judged.value.verdict;
    if (judged.value.verdict === 'illegal') throw new Violation('linearizable', judged.value.summary);
  }

  /** Of the linearizability checker; null before it was asked. */
  get verdict(): Verdict | null {
    return this.#verdict;
  }

  /** What clients wrote, and what is there. Nothing is under way any more. */
  verifyWrites(): void {
    const serials = [...this.reference.children(appendedUnder).values()];
    this.writes.verify('the log', serials);
    this.multis.verify('the log', new Set(serials));
  }
}
