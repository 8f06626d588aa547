// Seeded bugs above consensus: the store, sessions, watches and forwarding.

const origins = 'cluster/zk/origins.ts';
const intake = 'cluster/replica/forwarding/intake.ts';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const service = [
  {
    name: 'applied-twice-on-resend',
    breaks: 'a command sent again is applied once',
    edits: [
      {
        file: origins,
        original: 'if (sequence !== stream.lastSequence + 1) return null;',
        replacement: 'if (sequence > stream.lastSequence + 1) return null;',
      },
      {
        file: intake,
        original: 'next: this.#store.lastSequence(origin) + 1 };',
        replacement: 'next: Math.max(1, this.#store.lastSequence(origin)) };',
      },
    ],
    caughtBy: ['exactly once', 'assertion'],
    seeds: 100,
    profile: 'slowDisks',
  },
  {
    name: 'forward-gap-accepted',
    breaks: 'commands of one member are applied in their order, none left out',
    edits: [
      {
        file: origins,
        original: 'if (sequence !== stream.lastSequence + 1) return null;',
        replacement: 'if (sequence <= stream.lastSequence) return null;',
      },
      { file: intake, original: 'if (first > progress.next) {', replacement: 'if (first < 0) {' },
      {
        file: intake,
        original: 'commands.slice(progress.next - first)',
        replacement: 'commands.slice(Math.max(0, progress.next - first))',
      },
    ],
    caughtBy: ['assertion', 'no acknowledged write is lost'],
    seeds: 100,
    profile: 'badNetwork',
  },
  {
    name: 'apply-not-deterministic',
    breaks: 'applying an entry depends on nothing but the log',
    edits: [
      {
        file: 'cluster/zk/store.ts',
        original: 'const moment = { zxid: this.#state.zxid, timeMs: command.timeMs };',
        replacement:
          'globalThis.applies = (globalThis.applies ?? 0) + 1; const moment = { zxid: this.#state.zxid, timeMs: command.timeMs + Number(globalThis.applies % 97 === 0) };',
      },
    ],
    caughtBy: ['same digest'],
    seeds: 5,
    profile: 'crashes',
  },
  {
    name: 'own-writes-lost-on-reconnect',
    breaks: 'a session reads its own writes, also from another member',
    edits: [
      {
        file: 'cluster/replica/clients/client-connection.ts',
        original: "this.#phase = { kind: 'joining', session: request.sessionId };",
        replacement:
          "if (this.#host.store.session(request.sessionId) !== undefined) { this.#open(request.sessionId, request.password); return; } this.#phase = { kind: 'joining', session: request.sessionId };",
      },
      {
        file: 'cluster/zk/store.ts',
        original: 'return isSameOrigin(session.owner, origin) ? null : failures.sessionMoved;',
        replacement: 'return null;',
      },
    ],
    caughtBy: [
      'zxid never falls',
      'reads show the log',
      'watches tell what happened',
      'watches are not missed',
    ],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'session-lost-on-failover',
    breaks: 'a session survives a change of leader',
    edits: [
      {
        file: 'cluster/zk/apply-session.ts',
        original: 'return context.term === term ? applyCloseSession(context, body)',
        replacement: 'return term > 0 ? applyCloseSession(context, body)',
      },
    ],
    caughtBy: ['sessions are kept', 'ephemerals stay with their session'],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'expiry-without-grace',
    breaks: 'a new leader grants every session its full timeout',
    edits: [
      {
        file: 'cluster/replica/upkeep/session-clock.ts',
        original:
          'this.#deadlines.clear();\n    for (const session of sessions) this.opened(session.id, session.timeoutMs);',
        replacement:
          'this.#deadlines.clear();\n    for (const session of sessions) this.opened(session.id, session.timeoutMs / 100);',
      },
    ],
    caughtBy: ['sessions are kept', 'ephemerals stay with their session'],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'ephemerals-survive',
    breaks: 'an ephemeral znode ends with its session',
    edits: [
      {
        file: 'cluster/zk/apply-session.ts',
        original: 'for (const { znode, path } of owned.sort(byPath)) removeZnode(context, znode, path);',
        replacement:
          'for (const { znode, path } of owned.sort(byPath).slice(1)) removeZnode(context, znode, path);',
      },
    ],
    caughtBy: ['ephemerals go with their session'],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'answers-out-of-turn',
    breaks: 'a session reads its own writes',
    edits: [
      {
        file: 'cluster/replica/clients/answer-queue.ts',
        original: 'if (this.length === 0 && this.#mayAnswer()) {',
        replacement: 'if (this.#mayAnswer()) {',
      },
    ],
    caughtBy: ['reads its own writes', 'answers in order'],
    seeds: 10,
    profile: 'badNetwork',
  },
  {
    name: 'multi-not-rolled-back',
    breaks: 'a multi takes effect as a whole or not at all',
    edits: [
      {
        file: 'cluster/zk/apply-write.ts',
        original: 'tree.undoChanges();',
        replacement: 'tree.keepChanges();',
      },
    ],
    caughtBy: ['multi is atomic', 'no phantom'],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'watch-dropped',
    breaks: 'a watch fires when its znode changes',
    edits: [
      {
        file: 'cluster/zk/watch-table.ts',
        original: "case 'nodeDataChanged':\n          return data.take(path);",
        replacement: "case 'nodeDataChanged':\n          return data.take(path).slice(1);",
      },
    ],
    caughtBy: ['watches fire once', 'watches are not missed', 'watches tell what happened'],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'watch-fired-twice',
    breaks: 'a watch fires once',
    edits: [
      {
        file: 'cluster/zk/watch-table.ts',
        original:
          'for (const watcher of watchers) this.#forget(this.#byWatcher, watcher, path);\n    return [...watchers];',
        replacement: 'return [...watchers, ...watchers];',
      },
    ],
    caughtBy: ['watches fire once', 'watches are not missed', 'watches tell what happened'],
    seeds: 100,
    profile: 'sessions',
  },
  {
    name: 'watch-missed-while-away',
    breaks: 'a client that comes back is told what changed while it was away',
    edits: [
      {
        file: 'cluster/zk/set-watches.ts',
        original: 'else if (stat.mzxid > request.relativeZxid) tell(',
        replacement: 'else if (stat.mzxid > request.relativeZxid + 2 ** 40) tell(',
      },
    ],
    caughtBy: ['watches fire once', 'watches are not missed', 'watches tell what happened'],
    seeds: 100,
    profile: 'sessions',
  },
];
