import { describe, expect, it } from 'vitest';
import { memberId } from '../../base/ids.ts';
import {
  clientFrameBytesMax,
  clientUnsentBytesForPause,
  clientUnsentBytesMax,
  outstandingRequestsMax,
} from '../../base/limits.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import { create, setData } from '../../zk/testing/log.ts';
import { VirtualEnsemble } from '../testing/virtual-ensemble.ts';
import { leaderlessGraceMs } from '../upkeep/service.ts';
import { handshakeTimeoutMs } from './client-connection.ts';

const one = memberId(1);
const exists = { kind: 'exists', path: '/', watch: false } as const;
const ping = { kind: 'ping' } as const;

function frameOf(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setInt32(0, length);
  return bytes;
}

describe('the handshake', () => {
  it.each([
    [1, 4_000],
    [10_000, 10_000],
    [1_000_000, 40_000],
  ])('asked for a timeout of %i ms, grants %i ms', (timeoutMs, granted) => {
    const client = new VirtualEnsemble(1).openSession(one, { timeoutMs });
    expect(client.welcome).toMatchObject({ timeoutMs: granted, readOnly: false });
    expect(client.session.password).toHaveLength(16);
    expect(client.session.id).not.toEqual(new Uint8Array(8));
  });

  it('may come byte by byte', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.client(one);
    for (const byte of client.hello({})) client.send(new Uint8Array([byte]));
    ensemble.run(200);
    expect(client.welcome?.timeoutMs).toBe(10_000);
  });

  it('gives a session back to who knows its password', () => {
    const ensemble = new VirtualEnsemble(1);
    const first = ensemble.openSession(one);
    first.leave();
    const second = ensemble.openSession(one, { session: first.session });
    expect(second.welcome).toEqual(first.welcome);
  });

  it('answers a wrong password as if the session had expired, and closes', () => {
    const ensemble = new VirtualEnsemble(1);
    const first = ensemble.openSession(one);
    const thief = ensemble.openSession(one, {
      session: { id: first.session.id, password: new Uint8Array(16) },
    });
    expect(thief.welcome).toMatchObject({ timeoutMs: 0, session: { id: new Uint8Array(8) } });
    expect({ thief: thief.closed, first: first.closed }).toEqual({ thief: true, first: false });
  });

  it('refuses a client that has seen a later state, with or without a session', () => {
    const ensemble = new VirtualEnsemble(1);
    const { session } = ensemble.openSession(one);
    const later = ensemble.replica(one).store.zxid + 2 ** 32;
    const clients = [ensemble.client(one), ensemble.client(one)];
    clients[0]?.connect({ lastZxidSeen: later });
    clients[1]?.connect({ lastZxidSeen: later, session });
    ensemble.run(200);
    expect(clients.map(({ closed, welcome }) => ({ closed, welcome }))).toEqual([
      { closed: true, welcome: null },
      { closed: true, welcome: null },
    ]);
  });

  it('has a deadline; an open session has none', () => {
    const ensemble = new VirtualEnsemble(1);
    const open = ensemble.openSession(one, { timeoutMs: 40_000 });
    const silent = ensemble.client(one);
    const slow = ensemble.client(one);
    slow.send(slow.hello({}).subarray(0, 20));
    ensemble.run(handshakeTimeoutMs - 200);
    expect([open.closed, silent.closed, slow.closed]).toEqual([false, false, false]);
    ensemble.run(1_500);
    expect([open.closed, silent.closed, slow.closed]).toEqual([false, true, true]);
  });

  it('may have requests on its heels, however many', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.client(one);
    const count = 20_000;
    const hello = client.hello({});
    const requests = client.packet(...Array.from({ length: count }, () => exists));
    client.send(new Uint8Array([...hello, ...requests]));
    expect(client.paused).toBe(true);
    ensemble.run(1_000);
    expect(client.heard.map(({ xid }) => xid)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    expect(client.paused).toBe(false);
  });

  it('is refused with what is no handshake', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.client(one);
    client.send(frameOf(4));
    expect({ closed: client.closed, text: client.text }).toEqual({ closed: true, text: '' });
  });
});

describe('a connection', () => {
  it('answers a four-letter word that comes in pieces, and closes', () => {
    const client = new VirtualEnsemble(1).client(one);
    for (const piece of ['r', 'uo', 'k']) client.send(encodeUtf8(piece));
    expect({ text: client.text, closed: client.closed }).toEqual({ text: 'imok', closed: true });
  });

  it('is closed by a frame that is too large, or negative, before and after the handshake', () => {
    const ensemble = new VirtualEnsemble(1);
    for (const length of [clientFrameBytesMax + 1, -1]) {
      const fresh = ensemble.client(one);
      const open = ensemble.openSession(one);
      for (const client of [fresh, open]) client.send(frameOf(length));
      expect([fresh.closed, open.closed]).toEqual([true, true]);
    }
  });

  it('answers a request whose body cannot be read, and is closed by one without a header', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.openSession(one);
    const noBody = [0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 3];
    const noHeader = [0, 0, 0, 2, 0, 0];
    client.ask(exists);
    client.send(new Uint8Array(noBody));
    expect({ xids: client.heard.map(({ xid }) => xid), closed: client.closed }).toEqual({
      xids: [1, 9],
      closed: false,
    });
    client.send(new Uint8Array(noHeader));
    expect(client.closed).toBe(true);
  });

  it('answers a ping out of turn, and the rest in turn', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.openSession(one);
    client.ask(create('/a', { data: 'x' }), { kind: 'getData', path: '/a', watch: false }, ping);
    expect(client.heard.map(({ xid }) => xid)).toEqual([-2]);
    ensemble.run(200);
    expect(client.outcomes.slice(1)).toEqual(['created', 'data']);
  });

  it('reads its own writes, also behind a sync, and zxids never fall', () => {
    const ensemble = new VirtualEnsemble(3);
    const follower = memberId((ensemble.leader % 3) + 1);
    const client = ensemble.openSession(follower);
    const read = { kind: 'getData', path: '/a', watch: false } as const;
    client.ask(create('/a', { data: '0' }), read, setData('/a', '1'), { kind: 'sync', path: '/' }, read);
    client.ask(setData('/a', '2'), read, create('/a'), exists);
    ensemble.run(500);
    const shown = client.heard.map(({ answer }) =>
      answer?.kind === 'data' ? String.fromCharCode(...answer.data) : null,
    );
    expect(shown).toEqual([null, '0', null, null, '1', null, '2', null, null]);
    expect(client.outcomes.slice(-2)).toEqual(['nodeExists', 'stat']);
    const zxids = client.heard.map(({ zxid }) => zxid);
    expect(zxids).toEqual([...zxids].sort((a, b) => a - b));
  });

  it('is not read while too many of its requests are unanswered, and then goes on', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.openSession(one);
    const count = 2 * outstandingRequestsMax + 500;
    client.ask(...Array.from({ length: count }, (_, at) => create(`/n${at}`)));
    expect(client.paused).toBe(true);
    expect(ensemble.replica(one).forwardsPending).toBe(outstandingRequestsMax);
    ensemble.run(2_000);
    expect(client.heard.map(({ xid }) => xid)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    expect(new Set(client.outcomes)).toEqual(new Set(['created']));
    expect({ paused: client.paused, closed: client.closed }).toEqual({ paused: false, closed: false });
  });

  it('gets no more answers while it has too much unread, then the rest in order', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.openSession(one);
    client.unreadBytes = clientUnsentBytesForPause;
    client.ask(create('/n'), exists, exists, create('/n'), exists);
    ensemble.run(500);
    expect({ heard: client.heard.length, paused: client.paused }).toEqual({ heard: 0, paused: true });
    client.readAll();
    ensemble.run(500);
    expect(client.outcomes).toEqual(['created', 'stat', 'stat', 'nodeExists', 'stat']);
    expect({ paused: client.paused, closed: client.closed }).toEqual({ paused: false, closed: false });
  });

  it('is closed when events come and it does not read them', () => {
    const ensemble = new VirtualEnsemble(1);
    const [slow, other] = [ensemble.openSession(one), ensemble.openSession(one)];
    slow.ask({ ...exists, path: '/n', watch: true });
    slow.unreadBytes = clientUnsentBytesMax + 1;
    other.ask(create('/n'));
    ensemble.run(200);
    expect([slow.closed, other.closed]).toEqual([true, false]);
  });

  it('is closed after the session it asked to close, and answers that', () => {
    const ensemble = new VirtualEnsemble(1);
    const client = ensemble.openSession(one);
    client.ask(create('/e', { mode: 'ephemeral' }), { kind: 'closeSession' });
    ensemble.run(200);
    expect({ count: client.heard.length, closed: client.closed }).toEqual({ count: 2, closed: true });
    expect(ensemble.replica(one).store.stat('/e')).toBeNull();
    expect(ensemble.replica(one).clients.count).toBe(0);
  });
});

describe('a session', () => {
  it('has one connection: the newest, on this member or another', () => {
    const ensemble = new VirtualEnsemble(3);
    const first = ensemble.openSession(one);
    const second = ensemble.openSession(one, { session: first.session });
    expect([first.closed, second.closed]).toEqual([true, false]);
    const third = ensemble.openSession(memberId(2), { session: first.session });
    expect([second.closed, third.closed]).toEqual([true, false]);
    third.ask(create('/mine'));
    ensemble.run(200);
    expect(third.outcomes).toEqual(['created']);
  });

  it('expires with its ephemerals when its client is silent, and its connection ends', () => {
    const ensemble = new VirtualEnsemble(3);
    const follower = memberId((ensemble.leader % 3) + 1);
    const silent = ensemble.openSession(follower, { timeoutMs: 4_000 });
    const alive = ensemble.openSession(follower, { timeoutMs: 4_000 });
    silent.ask(create('/silent', { mode: 'ephemeral' }));
    alive.ask(create('/alive', { mode: 'ephemeral' }));
    ensemble.run(2_500);
    alive.ask(ping);
    ensemble.run(1_200);
    expect([silent.closed, alive.closed]).toEqual([false, false]);
    alive.ask(ping);
    ensemble.run(1_600);
    expect([silent.closed, alive.closed]).toEqual([true, false]);
    for (const { id } of ensemble.members) {
      const { store } = ensemble.replica(id);
      expect([store.stat('/silent'), store.stat('/alive') !== null]).toEqual([null, true]);
    }
    const late = ensemble.openSession(follower, { session: silent.session });
    expect(late.welcome?.timeoutMs).toBe(0);
  });

  it('outlives the loss of the leader, on its connection', () => {
    const ensemble = new VirtualEnsemble(3);
    const leader = ensemble.leader;
    const follower = memberId((leader % 3) + 1);
    const client = ensemble.openSession(follower);
    client.ask(create('/before'));
    ensemble.run(200);
    ensemble.members.find(({ id }) => id === leader)?.end('withoutPower');
    client.ask(create('/during'), exists);
    ensemble.run(1_500);
    expect({ outcomes: client.outcomes, closed: client.closed }).toEqual({
      outcomes: ['created', 'created', 'stat'],
      closed: false,
    });
  });
});

describe('a member that lost its leader', () => {
  it('keeps its clients through the grace, then sends them away and refuses others until it is back', () => {
    const ensemble = new VirtualEnsemble(3);
    const lost = ensemble.leader;
    const client = ensemble.openSession(lost);
    const mend = ensemble.isolate(lost);
    ensemble.run(leaderlessGraceMs - 200);
    expect(client.closed).toBe(false);
    ensemble.run(1_200);
    expect(client.closed).toBe(true);
    const refused = ensemble.client(lost);
    refused.connect({});
    ensemble.run(100);
    expect({ closed: refused.closed, welcome: refused.welcome }).toEqual({ closed: true, welcome: null });
    mend();
    ensemble.run(1_500);
    expect(ensemble.openSession(lost).closed).toBe(false);
  });
});
