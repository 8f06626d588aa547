/** Test support: the commands of the transcripts, over an ensemble of cores. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { logIndex, type MemberId, memberId, term } from '../../base/ids.ts';
import { emptyMembership, type MembershipChange } from '../../base/membership.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import { encodeHardState } from '../codec.ts';
import type { EncodedEffects } from '../engine.ts';
import type { RaftMessage } from '../messages.ts';
import type { RaftRequest } from '../requests.ts';
import type { Switch } from '../state.ts';
import {
  describeEntries,
  describeFrame,
  describeLog,
  describeMember,
  describeMembership,
  describeMessage,
  describeRole,
} from './describe.ts';
import { TestDisk } from './disk.ts';
import { Ensemble } from './ensemble.ts';
import type { EnsembleMember, Frame } from './member.ts';
import { seededRandom } from './random.ts';
import { seatOf, seatsUpTo } from './seats.ts';

/**
 *   members 3 [preVote=off] [checkQuorum=off] [elections=manual] [founded]   starts fresh members; or one
 *                          line each, `id: terms of its entries` or `id in term: …` when it has seen a
 *                          later one. `founded`: the log begins with their membership, as in real life
 *   time-out 1             ticks one member until it campaigns; delivers nothing
 *   tick 1 20              ticks one member; delivers nothing
 *   run 30                 ticks everybody that often, settling after each
 *   settle [kind …]        writes and delivers until nothing moves; shows such messages too
 *   messages               what is on its way
 *   propose 1 x y          one batch of commands
 *   read 2 7               a read barrier named 7
 *   partition 1 | 2,3      only members of one group reach each other;  heal
 *   drop 1>2 appendEntries such frames are lost;  lose  loses all that are on their way
 *   stall 1, resume 1      the disk stops, goes on
 *   sleep 1, wake 1        what is sent to it waits in its sockets; do not tick it meanwhile
 *   crash 1, restart 1     the process ends, without its unfinished writes
 *   gone 2 1               member 2 sees that the process of 1 ended
 *   join 4 [1]             a new directory under that id, its second one; known to nobody
 *   add 1 4 [1]            asks member 1 to take in member 4 as a learner;  promote 1 4,  remove 1 2,3
 *   transfer 1 [2]         asks member 1 to hand over leadership;  campaign 2;  leadership 1 no
 *   snapshot 1 [5]         the store of 1 takes one; so many entries before it are kept
 *   damage 3 2 [nothing]   the disk of a crashed member loses what stood behind entry 2, or even what it was
 *   status, log, membership   what the members are, what they hold, whom they count
 */
export interface Scenario {
  /** Carries out one command; returns what changed, or what was asked for. */
  run(command: string): string;
}

export function createScenario(): Scenario {
  return new ScenarioRun();
}

type Command = (words: readonly string[], lines: readonly string[]) => string | undefined;

class ScenarioRun implements Scenario {
  #ensemble: Ensemble | null = null;
  #events: string[] = [];
  #groups: readonly (readonly number[])[] | null = null;
  #drops: { readonly from: number; readonly to: number; readonly kind: string }[] = [];
  #shown: readonly string[] = [];
  #asleep: number | null = null;
  #unread: Frame[] = [];
  readonly #seen = new Map<MemberId, string>();

  readonly #commands: Readonly<Record<string, Command>> = {
    members: (words, lines) => this.#start(words, lines),
    'time-out': ([id]) => this.#world.timeOut(Number(id)) ?? undefined,
    tick: ([id, count]) => this.#world.tick(Number(id), Number(count ?? 1)) ?? undefined,
    run: ([count]) => this.#world.run(Number(count)) ?? undefined,
    settle: (kinds) => {
      this.#shown = kinds;
      return this.#world.settle() ?? undefined;
    },
    messages: () => this.#world.frames.map(describeFrame).join('\n'),
    propose: ([id, ...texts]) => this.#propose(Number(id), texts),
    read: ([member, id]) => {
      this.#world.step(Number(member), { kind: 'readRequested', id: Number(id) });
      return undefined;
    },
    partition: (words) => {
      this.#groups = words
        .join(' ')
        .split('|')
        .map((group) => group.split(',').map(Number));
      return undefined;
    },
    heal: () => {
      this.#groups = null;
      this.#drops = [];
      return undefined;
    },
    drop: ([link, kind]) => {
      const [from, to] = (link ?? '').split('>').map(Number);
      this.#drops.push({ from: from ?? 0, to: to ?? 0, kind: kind ?? '' });
      return undefined;
    },
    lose: () => {
      const lost = this.#world.frames.map(describeFrame);
      this.#world.frames = [];
      return lost.map((frame) => `lost ${frame}`).join('\n');
    },
    stall: ([id]) => {
      this.#world.stalledDisks.add(memberId(Number(id)));
      return undefined;
    },
    resume: ([id]) => {
      this.#world.stalledDisks.delete(memberId(Number(id)));
      return undefined;
    },
    sleep: ([id]) => {
      this.#asleep = Number(id);
      return undefined;
    },
    wake: () => {
      this.#asleep = null;
      this.#world.frames.unshift(...this.#unread);
      this.#unread = [];
      return undefined;
    },
    crash: ([id]) => {
      this.#world.crash(Number(id));
      return undefined;
    },
    restart: ([id]) => {
      this.#world.restart(Number(id));
      this.#seen.set(memberId(Number(id)), describeRole(this.#world.raft(Number(id))));
      return undefined;
    },
    gone: ([id, peer]) => {
      this.#world.step(Number(id), { kind: 'peerGone', peer: memberId(Number(peer)) });
      return undefined;
    },
    join: ([id, life]) => {
      this.#world.join(Number(id), Number(life ?? 0));
      this.#seen.set(memberId(Number(id)), describeRole(this.#world.raft(Number(id))));
      return undefined;
    },
    add: ([id, seat, life]) =>
      this.#change(Number(id), { kind: 'addLearner', seat: seatOf(Number(seat), Number(life ?? 0)) }),
    promote: ([id, ids]) => this.#change(Number(id), { kind: 'promote', ids: idsIn(ids) }),
    remove: ([id, ids]) => this.#change(Number(id), { kind: 'remove', ids: idsIn(ids) }),
    transfer: ([id, to]) =>
      this.#request(Number(id), {
        kind: 'transfer',
        to: to === undefined ? null : memberId(Number(to)),
      }),
    campaign: ([id]) => this.#request(Number(id), { kind: 'campaign' }),
    leadership: ([id, may]) => {
      this.#world.step(Number(id), { kind: 'leadership', may: may === 'no' ? 'no' : 'yes' });
      return undefined;
    },
    snapshot: ([id, kept]) => {
      this.#world.snapshot(Number(id), Number(kept ?? 0));
      return undefined;
    },
    damage: ([id, kept, knows]) => {
      const { disk } = this.#world.member(Number(id));
      disk.damage(logIndex(Number(kept)), knows === 'nothing' ? 'nothing' : 'bound');
      return undefined;
    },
    membership: () => this.#world.members.map(describeMembership).join('\n'),
    status: () => this.#world.members.map(describeMember).join('\n'),
    log: () => this.#world.members.map(describeLog).join('\n'),
  };

  run(command: string): string {
    const [first = '', ...lines] = command.split('\n');
    const [name = '', ...words] = first.split(' ');
    const perform = this.#commands[name];
    assert(perform !== undefined, 'no such command', { name });
    this.#events = [];
    this.#shown = [];
    const output = perform(words, lines);
    this.#ensemble?.compareLogs();
    return output ?? (this.#events.length === 0 ? 'ok' : this.#events.join('\n'));
  }

  get #world(): Ensemble {
    assert(this.#ensemble !== null, 'a transcript begins with `members`');
    return this.#ensemble;
  }

  #start(words: readonly string[], lines: readonly string[]): undefined {
    const size = lines.length > 0 ? lines.length : Number(words[0]);
    const membership = { ...emptyMembership, voters: seatsUpTo(size) };
    const disks = new Map<MemberId, TestDisk>();
    if (!words.includes('founded'))
      for (const { id } of membership.voters) disks.set(id, TestDisk.of(membership));
    for (const line of lines) fillDisk(disks, line);
    this.#ensemble = new Ensemble({
      size,
      random: seededRandom(1),
      preVote: switchOf(words, 'preVote'),
      checkQuorum: switchOf(words, 'checkQuorum'),
      elections: words.includes('elections=manual') ? 'manual' : 'automatic',
      ...(disks.size > 0 ? { disks } : {}),
    });
    for (const { id } of this.#ensemble.members) this.#seen.set(id, describeRole(this.#ensemble.raft(id)));
    this.#ensemble.passes = (frame, message) => this.#passes(frame, message);
    this.#ensemble.onStep = (member, effects) => this.#record(member, effects);
    return undefined;
  }

  #propose(id: number, texts: readonly string[]): string | undefined {
    const { refused } = this.#world.step(id, { kind: 'proposed', payloads: texts.map(encodeUtf8) });
    return refused === null ? undefined : `refused: ${refused}`;
  }

  #change(id: number, change: MembershipChange): string | undefined {
    return this.#request(id, { kind: 'changeMembership', change });
  }

  #request(id: number, request: RaftRequest): string | undefined {
    const { refused } = this.#world.step(id, { kind: 'requested', request });
    return refused === null ? undefined : `refused: ${refused}`;
  }

  #passes(frame: Frame, message: RaftMessage): boolean {
    const { from, to } = frame;
    if (to === this.#asleep) {
      this.#unread.push(frame);
      return false;
    }
    const isDropped = this.#drops.some(
      (drop) => drop.from === from && drop.to === to && (drop.kind === '' || drop.kind === message.kind),
    );
    const isConnected = this.#groups?.some((group) => group.includes(from) && group.includes(to)) ?? true;
    const passes = isConnected && !isDropped;
    if (this.#shown.includes(message.kind)) {
      this.#events.push(`${passes ? '' : 'lost '}${from}>${to} ${describeMessage(message)}`);
    }
    return passes;
  }

  #record({ id, raft }: EnsembleMember, effects: EncodedEffects): void {
    if (raft === null) return;
    const role = describeRole(raft);
    if (this.#seen.get(id) !== role) this.#events.push(`${id} is ${role}`);
    this.#seen.set(id, role);
    for (const read of effects.reads) {
      const outcome = read.kind === 'ready' ? `may be served at ${read.index}` : 'failed';
      this.#events.push(`${id} read ${read.id} ${outcome}`);
    }
    if (effects.fetchSnapshot !== null) {
      const { from, index } = effects.fetchSnapshot;
      this.#events.push(`${id} needs the snapshot of ${from} at ${index}`);
    }
    if (effects.apply.length > 0) this.#events.push(`${id} applies ${describeEntries(effects.apply)}`);
  }
}

function switchOf(words: readonly string[], name: string): Switch {
  return words.includes(`${name}=off`) ? 'off' : 'on';
}

function idsIn(list: string | undefined): readonly MemberId[] {
  return (list ?? '').split(',').map((id) => memberId(Number(id)));
}

/** `2: 1 1 4` is member 2 with three entries of those terms, in the last of them. */
function fillDisk(disks: ReadonlyMap<MemberId, TestDisk>, line: string): void {
  const [name = '', terms = ''] = line.split(':');
  const [id = '', , seen] = name.split(' ');
  const disk = disks.get(memberId(Number(id)));
  assert(disk !== undefined, 'no such member', { id });
  disk.entries = terms
    .split(' ')
    .filter((text) => text !== '')
    .map(
      (text, at): Entry => ({
        index: logIndex(at + 1),
        term: term(Number(text)),
        kind: 'command',
        payload: encodeUtf8(`t${text}`),
      }),
    );
  const current = term(Number(seen ?? disk.entries.at(-1)?.term ?? 0));
  disk.hardState = encodeHardState({ term: current, votedFor: null });
}
