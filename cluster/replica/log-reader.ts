/** The member's log as the console shows it: entries decoded, with the zxid each transaction has. */
import type { LogEntryView, LogPage } from '../api/log.ts';
import { MalformedInput } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, type Term, zxidOf } from '../base/ids.ts';
import { logViewEntriesMax } from '../base/limits.ts';
import type { Consensus } from '../ports/consensus.ts';
import type { CommandBody, StampedCommand } from '../zk/command.ts';
import { decodeCommand } from '../zk/command-codec.ts';

export class LogReader {
  readonly #member: MemberId;
  readonly #consensus: Consensus;
  /** Index of each term's first applied entry: the zero of its zxid counter. */
  readonly #termStarts = new Map<Term, LogIndex>();

  constructor(options: { readonly member: MemberId; readonly consensus: Consensus }) {
    this.#member = options.member;
    this.#consensus = options.consensus;
  }

  applied(entry: Entry): void {
    if (!this.#termStarts.has(entry.term)) this.#termStarts.set(entry.term, entry.index);
  }

  /** Entries from `from` on, at most `count` of them and never more than `logViewEntriesMax`. */
  read(range: { readonly from: number; readonly count: number }): LogPage {
    const { first, last, commit, applied } = this.#consensus.status();
    const from = logIndex(Math.max(range.from, first, 1));
    const count = Math.min(range.count, logViewEntriesMax);
    const entries = this.#consensus.entries(from, count).map((entry) => this.#view(entry));
    return { member: this.#member, first, last, commit, applied, entries };
  }

  #view(entry: Entry): LogEntryView {
    const start = this.#termStarts.get(entry.term);
    const zxid = start === undefined ? null : String(zxidOf(entry.term, entry.index - start));
    const common = {
      index: entry.index,
      term: entry.term,
      kind: entry.kind,
      zxid,
      sizeBytes: entry.payload.length,
    };
    const command = entry.kind === 'noop' ? null : decode(entry.payload);
    if (command === null) {
      const operation = entry.kind === 'noop' ? 'noop' : 'unknown';
      return { ...common, operation, session: null, path: null, timeMs: null, origin: null };
    }
    return {
      ...common,
      operation: command.body.kind === 'write' ? command.body.request.kind : command.body.kind,
      session: command.body.kind === 'createSession' ? zxid : String(command.body.session),
      path: pathOf(command.body),
      timeMs: command.timeMs,
      origin: command.origin.member,
    };
  }
}

function decode(payload: Uint8Array): StampedCommand | null {
  try {
    return decodeCommand(payload);
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
