/** The members' logs as far as they were read, in chunks, so that a million entries cost what is seen. */
import type { LogEntryView, LogPage } from '../../cluster/api/log.ts';
import type { Action } from './action.ts';
import type { Failure } from './failure.ts';

/** Entries read at once. Chunk `n` holds the indexes from `100n` up to `100n + 99`. */
export const chunkSize = 100;

/** Chunks kept per member; those touched longest ago go first. */
const chunksKeptMax = 60;

export interface MemberLog {
  readonly first: number;
  readonly last: number;
  readonly commit: number;
  readonly applied: number;
  readonly readAtMs: number;
  /** By chunk and place in it; a hole is an entry not read yet. In the order they were touched. */
  readonly chunks: ReadonlyMap<number, readonly (LogEntryView | undefined)[]>;
  readonly requested: ReadonlySet<number>;
  readonly failures: ReadonlyMap<number, Failure>;
}

export interface LogState {
  readonly members: ReadonlyMap<number, MemberLog>;
  /** Whether the newest entries stay in view. */
  readonly following: boolean;
}

export const initialLog: LogState = { members: new Map(), following: true };

export function reduceLog(state: LogState, action: Action): LogState {
  switch (action.kind) {
    case 'route.changed': {
      const leavesEnd = action.route.screen === 'log' && action.route.index !== null;
      return leavesEnd && state.following ? { ...state, following: false } : state;
    }
    case 'log.followed':
      return { ...state, following: action.following };
    case 'log.replaced':
      return action.pages.reduce((log, page) => withTail(log, page, action.atMs), state);
    case 'log.continued':
      return withTail(state, action.page, action.atMs);
    case 'log.requested':
      return change(state, action.member, (log) => ({
        ...log,
        requested: new Set(log.requested).add(action.chunk),
      }));
    case 'log.loaded':
      return change(state, action.page.member, (log) =>
        settled(withEntries(log, action.page.entries), action.chunk),
      );
    case 'log.failed':
      return change(state, action.member, (log) => ({
        ...settled(log, action.chunk),
        failures: new Map(log.failures).set(action.chunk, action.failure),
      }));
    default:
      return state;
  }
}

/** The entry at an index; undefined when it was not read or is not there. */
export function entryAt(log: MemberLog, index: number): LogEntryView | undefined {
  return log.chunks.get(Math.floor(index / chunkSize))?.[index % chunkSize];
}

/** Whether a chunk has entries that the member holds and the console has not read. */
export function isChunkWanted(log: MemberLog, chunk: number): boolean {
  if (log.requested.has(chunk) || log.failures.has(chunk)) return false;
  const from = Math.max(log.first, 1, chunk * chunkSize);
  const to = Math.min(log.last, chunk * chunkSize + chunkSize - 1);
  for (let index = from; index <= to; index += 1) if (entryAt(log, index) === undefined) return true;
  return false;
}

const unread: Omit<MemberLog, 'first' | 'last' | 'commit' | 'applied' | 'readAtMs'> = {
  chunks: new Map(),
  requested: new Set(),
  failures: new Map(),
};

/** A page at the end of a log: what it holds replaces all that was known from its first entry on. */
function withTail(state: LogState, page: LogPage, atMs: number): LogState {
  const { first, last, commit, applied } = page;
  const known = state.members.get(page.member) ?? unread;
  const marked = { ...known, first, last, commit, applied, readAtMs: atMs, failures: new Map() };
  const start = page.entries[0]?.index ?? last + 1;
  return {
    ...state,
    members: new Map(state.members).set(page.member, withEntries(withoutFrom(marked, start), page.entries)),
  };
}

function withoutFrom(log: MemberLog, start: number): MemberLog {
  const chunks = new Map(log.chunks);
  for (const [chunk, entries] of log.chunks) {
    const from = chunk * chunkSize;
    if (from >= start) chunks.delete(chunk);
    else if (from + entries.length > start) chunks.set(chunk, entries.slice(0, start - from));
  }
  return { ...log, chunks };
}

function withEntries(log: MemberLog, entries: readonly LogEntryView[]): MemberLog {
  const fresh = new Map<number, (LogEntryView | undefined)[]>();
  for (const entry of entries) {
    const chunk = Math.floor(entry.index / chunkSize);
    const list = fresh.get(chunk) ?? [...(log.chunks.get(chunk) ?? [])];
    list[entry.index % chunkSize] = entry;
    fresh.set(chunk, list);
  }
  if (fresh.size === 0) return log;
  const chunks = new Map(log.chunks);
  for (const [chunk, list] of fresh) {
    chunks.delete(chunk);
    chunks.set(chunk, list);
  }
  for (const chunk of chunks.keys()) {
    if (chunks.size <= chunksKeptMax) break;
    chunks.delete(chunk);
  }
  return { ...log, chunks };
}

function settled(log: MemberLog, chunk: number): MemberLog {
  const requested = new Set(log.requested);
  requested.delete(chunk);
  return { ...log, requested };
}

function change(state: LogState, member: number, to: (log: MemberLog) => MemberLog): LogState {
  const log = state.members.get(member);
  return log === undefined ? state : { ...state, members: new Map(state.members).set(member, to(log)) };
}
