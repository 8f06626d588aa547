/** Small real objects in place of the supervisor and the znodes, driven by the tests of the server. */
import type {
  ActionPlan,
  ActionRequest,
  ChangePlan,
  ChangeRequest,
  EnsembleChange,
} from '../../api/changes.ts';
import type { EnsembleView, MemberReport, MemberView } from '../../api/ensemble.ts';
import type { LogEntryView } from '../../api/log.ts';
import { defaultSettings } from '../../api/settings.ts';
import type { TimelineEvent } from '../../api/timeline.ts';
import type { ZnodeValue, ZnodeWatch } from '../../api/znode.ts';
import { fail, ok } from '../../base/result.ts';
import type { Stop } from '../../base/scope.ts';
import { apiFailure } from '../failures.ts';
import type { ConsoleSupervisor, WatchListener, Znodes } from '../ports.ts';
import { noZnode } from '../znode-failures.ts';

const zeroStat = {
  czxid: '1',
  mzxid: '1',
  pzxid: '1',
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0',
  dataLength: 0,
  numChildren: 0,
};

/** An ensemble of one member that does what the test says. */
export class StandInSupervisor implements ConsoleSupervisor {
  readonly operations: string[] = [];
  readonly #changeListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: TimelineEvent) => void>();
  #events: TimelineEvent[] = [];
  #view: EnsembleView = emptyView;
  #log: LogEntryView[] = [];
  /** How many events are kept. */
  kept = 10_000;

  view(): EnsembleView {
    return this.#view;
  }

  change(view: Partial<EnsembleView>): void {
    this.#view = { ...this.#view, ...view };
    for (const listener of this.#changeListeners) listener();
  }

  happen(count: number, text = ''): void {
    for (let made = 0; made < count; made += 1) {
      const sequence = (this.#events.at(-1)?.sequence ?? 0) + 1;
      const event = {
        sequence,
        atMs: sequence,
        level: 'info',
        kind: 'healed',
        member: null,
        facts: { text },
      } as const;
      this.#events.push(event);
      this.#events = this.#events.slice(-this.kept);
      for (const listener of this.#eventListeners) listener(event);
    }
  }

  /** Member 1's log becomes these terms, entry by entry. */
  log(terms: readonly number[], commit: number): void {
    this.#log = terms.map((term, at) => ({ ...emptyEntry, index: at + 1, term }));
    const report = { ...emptyReport, last: terms.length, commit, applied: commit, term: terms.at(-1) ?? 0 };
    this.change({ members: [{ ...emptyMember, report }] });
  }

  onChange(listener: () => void): Stop {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  events(after: number): readonly TimelineEvent[] {
    return this.#events.filter(({ sequence }) => sequence > after);
  }

  onEvent(listener: (event: TimelineEvent) => void): Stop {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  get listeners(): number {
    return this.#changeListeners.size + this.#eventListeners.size;
  }

  async operate(member: number, operation: string) {
    if (member !== 1) return fail(apiFailure('unknownMember', `There is no member ${member}.`));
    this.operations.push(`${operation} ${member}`);
    return ok(null);
  }

  async partition(groups: readonly (readonly number[])[]) {
    this.operations.push(`partition ${groups.join('/')}`);
    return ok(null);
  }

  heal(): never {
    throw new Error('a defect on purpose');
  }

  readonly changes = {
    plan: () => ok<ChangePlan>({ kind: 'replace', member: 1, steps: [], refusals: [] }),
    beginSoon: async (request: ChangeRequest) => {
      this.operations.push(`${request.kind} ${request.kind === 'add' ? 'one' : request.member}`);
      return ok<EnsembleChange>(emptyChange);
    },
    resume: () => fail(apiFailure('refused', 'The stand-in has no unfinished change.')),
    abandon: () => fail(apiFailure('refused', 'The stand-in has no unfinished change.')),
  };

  planAction({ kind }: ActionRequest): ActionPlan {
    return { kind, members: [1], leader: 1, refusals: [] };
  }

  async act({ kind }: ActionRequest) {
    this.operations.push(kind);
    return ok({ kind: 'leads', member: 1, term: 1, tookMs: 1 } as const);
  }

  async readLog({ member, from, count }: { member: number; from: number | null; count: number }) {
    const { commit, applied } = this.#view.members[0]?.report ?? emptyReport;
    const start = from ?? Math.max(1, this.#log.length - count + 1);
    const entries = this.#log.slice(Math.max(0, start - 1), Math.max(0, start - 1) + count);
    return ok({ member, first: 1, last: this.#log.length, commit, applied, entries });
  }
}

/** Znodes in a map; only values can be read, set and watched. */
export class StandInZnodes implements Znodes {
  readonly #values = new Map<string, string>();
  readonly #watchers = new Map<string, Set<WatchListener<ZnodeWatch>>>();

  put(path: string, text: string): void {
    this.#values.set(path, text);
    for (const listener of this.#watchers.get(path) ?? []) listener(ok(this.#watch(path)));
  }

  breakWatches(path: string): void {
    const trouble = apiFailure('noQuorum', 'The stand-in has no majority.');
    for (const listener of this.#watchers.get(path) ?? []) listener(fail(trouble));
  }

  watchers(path: string): number {
    return this.#watchers.get(path)?.size ?? 0;
  }

  async get({ path }: { path: string }) {
    return this.#values.has(path) ? ok(this.#value(path)) : fail(noZnode(path));
  }

  async stat({ path }: { path: string }) {
    return ok({ path, stat: zeroStat });
  }

  async acl({ path }: { path: string }) {
    return ok({ path, stat: zeroStat, acl: [] });
  }

  async children({ path, offset }: { path: string; offset: number }) {
    return ok({ path, stat: zeroStat, total: 0, offset, children: [] });
  }

  async create({ path }: { path: string }) {
    return ok({ path });
  }

  async set({ path }: { path: string }) {
    return ok({ path, stat: zeroStat });
  }

  /** Never answers: what a client without patience meets. */
  remove() {
    return new Promise<never>(() => undefined);
  }

  watchZnode(path: string, listener: WatchListener<ZnodeWatch>): Stop {
    const watchers = this.#watchers.get(path) ?? new Set();
    this.#watchers.set(path, watchers.add(listener));
    listener(ok(this.#watch(path)));
    return () => watchers.delete(listener);
  }

  watchChildren(): Stop {
    return () => undefined;
  }

  #watch(path: string): ZnodeWatch {
    return this.#values.has(path) ? { kind: 'present', value: this.#value(path) } : { kind: 'absent', path };
  }

  #value(path: string): ZnodeValue {
    const bytes = Buffer.from(this.#values.get(path) ?? '');
    return { path, stat: zeroStat, data: { base64: bytes.toString('base64'), length: bytes.length } };
  }
}

const emptyReport: MemberReport = {
  role: 'leader',
  term: 1,
  leader: 1,
  votedFor: 1,
  first: 1,
  last: 0,
  persisted: 0,
  commit: 0,
  applied: 0,
  zxid: '0',
  digest: '0',
  serving: true,
  followers: [],
  links: [],
  connections: 0,
  sessions: 0,
  znodes: 0,
  watches: 0,
  outstanding: 0,
  received: 0,
  sent: 0,
  fsyncP99Ms: null,
  latencyMs: { min: 0, average: 0, max: 0 },
  memoryBytes: 0,
  loopLagMs: 0,
  uptimeMs: 0,
  incarnation: '1',
  life: 1,
  membership: { voters: [{ id: 1, incarnation: '1' }], outgoing: [], learners: [], removed: [] },
  membershipIndex: 1,
  transferTo: null,
  repairing: false,
  fenced: null,
  disk: { kind: 'ok' },
  snapshots: [],
  logBytes: 0,
  checkpoint: null,
};

const emptyMember: MemberView = {
  id: 1,
  clientPort: 2181,
  peerPort: 2281,
  dataFolder: '/data/1',
  logFile: '/data/1/member.log',
  standing: 'voter',
  process: { kind: 'up', pid: 1 },
  blocked: { to: [], from: [] },
  report: emptyReport,
  reportedAtMs: 0,
};

const emptyEntry: LogEntryView = {
  index: 1,
  term: 1,
  kind: 'noop',
  operation: 'noop',
  session: null,
  path: null,
  zxid: null,
  sizeBytes: 0,
  membership: null,
  timeMs: null,
  origin: null,
};

const emptyView: EnsembleView = {
  name: 'stand-in',
  engine: 'raft',
  connect: '127.0.0.1:2181',
  leader: 1,
  term: 1,
  health: { level: 'healthy', working: 1, total: 1, tolerance: 0, sinceMs: 0, reasons: [] },
  settings: defaultSettings,
  members: [emptyMember],
  change: null,
};

const emptyChange: EnsembleChange = {
  id: 'change-1',
  kind: 'replace',
  member: 1,
  state: 'running',
  step: 'archive',
  progress: null,
  error: null,
  startedAtMs: 0,
  archive: null,
};
