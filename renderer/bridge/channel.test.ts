import { beforeEach, describe, expect, it } from 'vitest';
import { sampleEnsemble } from '../store/testing/samples.ts';
import { Channel } from './channel.ts';
import { ManualSurroundings } from './testing/manual-surroundings.ts';
import { ScriptedServer, scriptedToken } from './testing/scripted-server.ts';

let server: ScriptedServer;
let surroundings: ManualSurroundings;
let heard: string[];

beforeEach(() => {
  server = new ScriptedServer();
  surroundings = new ManualSurroundings(server);
  heard = [];
});

function open(token = scriptedToken): Channel {
  return new Channel({
    token,
    surroundings,
    listener: {
      opened: ({ instance }) => heard.push(`opened ${instance}`),
      lost: ({ closing, retryMs }) => heard.push(`lost${closing ? ' closing' : ''}, again in ${retryMs}`),
      refused: () => heard.push('refused'),
    },
  });
}

describe('connecting', () => {
  it('authenticates and is welcomed', async () => {
    open();
    await surroundings.pass(0);
    expect(heard).toEqual(['opened run-1']);
  });

  it('stops trying when its token is refused', async () => {
    open('another token');
    await surroundings.pass(60_000);
    expect(heard).toEqual(['refused']);
    expect(surroundings.attempts).toBe(1);
  });

  it('comes back by itself, pausing twice as long each time up to 5 s', async () => {
    surroundings.reachable = false;
    open();
    await surroundings.pass(20_000);
    expect(heard).toEqual(
      [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000].map((ms) => `lost, again in ${ms}`),
    );
    surroundings.reachable = true;
    await surroundings.pass(5_000);
    expect(heard.at(-1)).toBe('opened run-1');
  });

  it('tells a server that stops from one that vanishes', async () => {
    open();
    await surroundings.pass(0);
    server.hangUp();
    expect(heard.at(-1)).toBe('lost closing, again in 250');
  });

  it('gives up a server that says nothing for ten seconds, though its socket is open', async () => {
    open();
    await surroundings.pass(0);
    surroundings.hangs = true;
    await surroundings.pass(9_999);
    expect(heard).toEqual(['opened run-1']);
    await surroundings.pass(1);
    expect(heard).toEqual(['opened run-1', 'lost, again in 250']);
  });

  it('keeps a quiet server that answers when asked', async () => {
    open();
    await surroundings.pass(60_000);
    expect(heard).toEqual(['opened run-1']);
  });
});

describe('commands', () => {
  it('bring the answer of the server', async () => {
    const channel = open();
    await surroundings.pass(0);
    expect(await channel.command('znode.get', { path: '/nowhere' })).toEqual({
      ok: false,
      error: { code: 'noNode', what: '/nowhere does not exist.' },
    });
  });

  it('fail at once while there is no connection', async () => {
    surroundings.reachable = false;
    const channel = open();
    await surroundings.pass(0);
    expect(await channel.command('heal', {})).toMatchObject({ ok: false, error: { code: 'notConnected' } });
  });

  it('say that their outcome is unknown when the connection breaks under them', async () => {
    const channel = open();
    await surroundings.pass(0);
    surroundings.hangs = true;
    const answer = channel.command('member.kill', { member: 2 });
    server.hangUp(1006);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'outcomeUnknown' } });
  });

  it('end at their deadline when no answer comes', async () => {
    const channel = open();
    await surroundings.pass(0);
    surroundings.hangs = true;
    const answer = channel.command('member.kill', { member: 2 });
    await surroundings.pass(8_000);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'deadline' } });
  });
});

describe('subscriptions', () => {
  const leaders: (number | null)[] = [];
  const follow = (channel: Channel) =>
    channel.subscribe(
      () => ({ kind: 'ensemble' }),
      (update) => {
        if (update.kind !== 'trouble' && update.content.view === 'ensemble')
          leaders.push(update.content.ensemble.leader);
      },
    );
  beforeEach(() => {
    leaders.length = 0;
  });

  it('bring a snapshot, then each change', async () => {
    follow(open());
    await surroundings.pass(0);
    server.publish({ leader: 3 });
    await surroundings.pass(0);
    expect(leaders).toEqual([2, 3]);
  });

  it('start anew on the next socket', async () => {
    follow(open());
    await surroundings.pass(0);
    server.hangUp(1006);
    server.ensemble = sampleEnsemble({ leader: 1 });
    await surroundings.pass(250);
    expect(leaders).toEqual([2, 1]);
  });

  it('ask for the whole again when a message went missing, once', async () => {
    follow(open());
    await surroundings.pass(0);
    surroundings.hangs = true;
    server.publish({ leader: 3 });
    surroundings.hangs = false;
    server.publish({ leader: 1 });
    await surroundings.pass(0);
    expect(leaders).toEqual([2, 1]);
  });

  it('resume the timeline after the last event seen', async () => {
    const channel = open();
    const sequences: number[] = [];
    channel.subscribe(
      () => ({ kind: 'timeline', after: sequences.at(-1) ?? 0 }),
      (update) => {
        if (update.kind === 'trouble' || update.content.view !== 'timeline') return;
        sequences.push(...update.content.events.map(({ sequence }) => sequence));
      },
    );
    await surroundings.pass(0);
    server.hangUp(1006);
    server.happen({ kind: 'healed', member: null });
    await surroundings.pass(250);
    expect(sequences).toEqual([1, 2, 3]);
  });

  it('bring nothing more once stopped', async () => {
    const stop = follow(open());
    await surroundings.pass(0);
    stop();
    server.publish({ leader: 3 });
    await surroundings.pass(0);
    expect(leaders).toEqual([2]);
  });
});
