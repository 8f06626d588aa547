/** The member's log as the console shows it: entries decoded, with the zxid each transaction has. */
import type { LogEntryView, LogPage } from '../api/log.ts';
import { ByteReader, MalformedInput } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, type Term, type Zxid, zxidOf } from '../base/ids.ts';
import { logViewEntriesMax } from '../base/limits.ts';
import type { Seat } from '../base/membership.ts';
import { readMembershipRecord } from '../base/membership-codec.ts';
import type { Consensus, RestoredLog } from '../ports/consensus.ts';
import type { CommandBody } from '../zk/command.ts';
import { decodeCommand } from '../zk/command-codec.ts';

/** Terms whose beginning is remembered: older ones are shown without their zxids. */
const termsMax = 1_000;

export class LogReader {
  readonly #member: MemberId;
  readonly #consensus: Consensus;
  /** Index of each term's first entry: the zero of its zxid counter. */
  readonly #termStarts = new Map<Term, LogIndex>();

  /** `restored`: the entries up to a snapshot are never applied again, and are shown all the same. */
  constructor(options: {
    readonly member: MemberId;
    readonly consensus: Consensus;
    readonly restored: Pick<RestoredLog, 'base' | 'entries' | 'snapshot'>;
    /** Holds that snapshot. */
    readonly store: { readonly zxid: Zxid };
  }) {
    this.#member = options.member;
    this.#consensus = options.consensus;
    let previous = options.restored.base.term;
    for (const { index, term } of options.restored.entries) {
      if (term !== previous) this.#begins(term, index);
      previous = term;
    }
    const { snapshot } = options.restored;
    if (snapshot !== null) this.jumped({ ...snapshot, zxid: options.store.zxid });
  }

  applied(entry: Entry): void {
    if (!this.#termStarts.has(entry.term)) this.#begins(entry.term, entry.index);
  }

  /** The store holds a snapshot: the zxid of its last entry tells where that one's term began. */
  jumped(point: { readonly index: LogIndex; readonly term: Term; readonly zxid: Zxid }): void {
    const counter = point.zxid - zxidOf(point.term, 0);
    this.#begins(point.term, logIndex(point.index - counter));
  }

  /** Entries from `from` on, at most `count` of them and never more than `logViewEntriesMax`. */
  read(range: { readonly from: number; readonly count: number }): LogPage {
    const { first, last, commit, applied } = this.#consensus.status();
    const from = logIndex(Math.max(range.from, first, 1));
    const count = Math.min(range.count, logViewEntriesMax);
    const entries = this.#consensus.entries(from, count).map((entry) => this.#view(entry));
    return { member: this.#member, first, last, commit, applied, entries };
  }

  #begins(term: Term, index: LogIndex): void {
    this.#termStarts.set(term, index);
    const [oldest] = this.#termStarts.keys();
    if (this.#termStarts.size > termsMax && oldest !== undefined) this.#termStarts.delete(oldest);
  }

  #view(entry: Entry): LogEntryView {
    const start = this.#termStarts.get(entry.term);
    return viewOfEntry(entry, start === undefined ? null : String(zxidOf(entry.term, entry.index - start)));
  }
}

/** An entry decoded. `zxid`: what its transaction has or would get, decimal; null when that is not known. */
export function viewOfEntry(entry: Entry, zxid: string | null): LogEntryView {
  const common = {
    index: entry.index,
    term: entry.term,
    kind: entry.kind,
    zxid,
    sizeBytes: entry.payload.length,
    membership: null,
  };
  const ofNobody = { ...common, session: null, path: null, timeMs: null, origin: null };
  if (entry.kind === 'noop') return { ...ofNobody, operation: 'noop' };
  if (entry.kind === 'membership') {
    return { ...ofNobody, operation: 'membership', membership: membershipIn(entry.payload) };
  }
  const command = wellFormed(() => decodeCommand(entry.payload));
  if (command === null) return { ...ofNobody, operation: 'unknown' };
  return {
    ...common,
    operation: command.body.kind === 'write' ? command.body.request.kind : command.body.kind,
    session: command.body.kind === 'createSession' ? zxid : String(command.body.session),
    path: pathOf(command.body),
    timeMs: command.timeMs,
    origin: command.origin.member,
  };
}

function membershipIn(payload: Uint8Array): LogEntryView['membership'] {
  const record = wellFormed(() => readMembershipRecord(new ByteReader(payload)));
  if (record === null) return null;
  const { voters, outgoing, learners } = record.membership;
  return { voters: idsOf(voters), outgoing: idsOf(outgoing), learners: idsOf(learners), cause: record.cause };
}

function idsOf(seats: readonly Seat[]): number[] {
  return seats.map(({ id }) => id);
}

function wellFormed<Value>(decode: () => Value): Value | null {
  try {
    return decode();
  } catch (failure) {
    if (failure instanceof MalformedInput) return null;
    throw failure;
  }
}

function pathOf(body: CommandBody): string | null {
  if (body.kind !== 'write') return null;
  const { request } = body;
  return request.kind === 'multi' ? (request.parts[0]?.path ?? null) : request.path;
}
