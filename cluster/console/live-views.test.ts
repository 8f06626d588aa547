import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { socketPath } from '../api/messages.ts';
import type { View } from '../api/views.ts';
import { type ConsoleServer, createConsoleServer } from './server.ts';
import { RawClient } from './testing/raw-client.ts';
import { StandInSupervisor, StandInZnodes } from './testing/stand-in.ts';

const token = 'the-token-of-this-test';
let server: ConsoleServer;
let supervisor: StandInSupervisor;
let znodes: StandInZnodes;
let client: RawClient;

beforeEach(async () => {
  supervisor = new StandInSupervisor();
  znodes = new StandInZnodes();
  server = await createConsoleServer({
    supervisor,
    znodes,
    token,
    port: 0,
    assetsFolder: `${tmpdir()}/muster-no-such-folder`,
    dataFolder: '/data',
    onDefect: () => undefined,
  });
  client = new RawClient(new URL(socketPath, server.url).href);
  await client.opened();
  client.send({ kind: 'authenticate', token, protocol: 1 });
  await client.next('welcome');
});

afterEach(async () => {
  client.socket.terminate();
  await server.close();
});

const subscribe = (id: number, view: View): void => client.send({ kind: 'subscribe', id, view });

describe('the ensemble view', () => {
  it('starts with a snapshot, then sends whole values, numbered', async () => {
    subscribe(1, { kind: 'ensemble' });
    expect(await client.next('snapshot')).toMatchObject({ subscription: 1, revision: 1 });
    supervisor.change({ term: 7 });
    expect(await client.next('delta')).toMatchObject({ revision: 2, content: { ensemble: { term: 7 } } });
  });

  it('never loses the last of many changes', async () => {
    subscribe(1, { kind: 'ensemble' });
    for (let term = 1; term <= 50; term += 1) supervisor.change({ term });
    await expect.poll(() => client.messages.at(-1)).toMatchObject({ content: { ensemble: { term: 50 } } });
    expect(client.messages.length).toBeLessThan(5);
  });

  it('ends with unsubscribe, and with the connection', async () => {
    subscribe(1, { kind: 'ensemble' });
    subscribe(2, { kind: 'timeline', after: 0 });
    await client.next('snapshot');
    await client.next('snapshot');
    expect(supervisor.listeners).toBe(2);
    client.send({ kind: 'unsubscribe', id: 1 });
    await expect.poll(() => supervisor.listeners).toBe(1);
    client.socket.terminate();
    await expect.poll(() => supervisor.listeners).toBe(0);
  });

  it('refuses a subscription number in use', async () => {
    subscribe(1, { kind: 'ensemble' });
    subscribe(1, { kind: 'ensemble' });
    expect(await client.next('failure')).toMatchObject({ id: 1, error: { code: 'invalidMessage' } });
  });
});

describe('the timeline view', () => {
  it('resumes after the last event that a client saw', async () => {
    supervisor.happen(5);
    subscribe(1, { kind: 'timeline', after: 3 });
    const { content } = await client.next('snapshot');
    expect(content).toMatchObject({ missed: 0, events: [{ sequence: 4 }, { sequence: 5 }] });
    supervisor.happen(2);
    await expect
      .poll(() =>
        client.messages.flatMap((message) =>
          message.kind === 'delta' && message.content.view === 'timeline' ? message.content.events : [],
        ),
      )
      .toMatchObject([{ sequence: 6 }, { sequence: 7 }]);
  });

  it('counts the events that are no longer kept', async () => {
    supervisor.kept = 3;
    supervisor.happen(10);
    subscribe(1, { kind: 'timeline', after: 2 });
    expect((await client.next('snapshot')).content).toMatchObject({
      missed: 5,
      events: [{ sequence: 8 }, {}, {}],
    });
  });

  it('starts over for a number of another run', async () => {
    supervisor.happen(2);
    subscribe(1, { kind: 'timeline', after: 900 });
    expect((await client.next('snapshot')).content).toMatchObject({
      missed: 0,
      events: [{ sequence: 1 }, {}],
    });
  });

  it('marks a gap for a client that does not read, and sends what it missed when it does', async () => {
    subscribe(1, { kind: 'timeline', after: 0 });
    await client.next('snapshot');
    client.socket.pause();
    for (let round = 0; round < 60; round += 1) {
      supervisor.happen(10, 'x'.repeat(20_000));
      await new Promise((settle) => setTimeout(settle, 55));
    }
    client.socket.resume();
    const gap = await client.next('gap');
    const snapshot = await client.next('snapshot');
    expect(snapshot.revision).toBe(gap.revision + 1);
    const seen = client.messages.flatMap((message) =>
      message.kind === 'delta' && message.content.view === 'timeline' ? message.content.events : [],
    );
    const caughtUp = snapshot.content.view === 'timeline' ? snapshot.content.events : [];
    const all = [...seen, ...caughtUp].map(({ sequence }) => sequence).sort((one, other) => one - other);
    expect(all).toEqual(Array.from({ length: 600 }, (_, at) => at + 1));
  });
});

describe('the log view', () => {
  it('follows the log, and replaces a tail that was overwritten', async () => {
    supervisor.log([1, 1, 1], 2);
    subscribe(1, { kind: 'log', members: [1] });
    await client.next('snapshot');
    const first = await client.next('delta');
    expect(first.content).toMatchObject({
      page: { commit: 2, entries: [{ index: 1 }, { index: 2 }, { index: 3 }] },
    });
    supervisor.log([1, 1, 2], 3);
    const second = await client.next('delta');
    expect(second.content).toMatchObject({ page: { commit: 3, entries: [{ index: 3, term: 2 }] } });
  });

  it('sends the end of a long log only', async () => {
    supervisor.log(
      Array.from({ length: 1_000 }, () => 1),
      1_000,
    );
    subscribe(1, { kind: 'log', members: [1] });
    const { content } = await client.next('delta');
    expect(content.view === 'log' && content.page.entries.map(({ index }) => index)).toEqual(
      Array.from({ length: 200 }, (_, at) => 801 + at),
    );
  });
});

describe('the znode view', () => {
  it('tells absence, values, trouble, and stops watching', async () => {
    subscribe(1, { kind: 'znode', path: '/a' });
    expect((await client.next('snapshot')).content).toEqual({
      view: 'znode',
      znode: { kind: 'absent', path: '/a' },
    });
    znodes.put('/a', 'one');
    expect((await client.next('delta')).content).toMatchObject({
      znode: { kind: 'present', value: { path: '/a' } },
    });
    znodes.breakWatches('/a');
    expect((await client.next('trouble')).error.code).toBe('noQuorum');
    client.send({ kind: 'unsubscribe', id: 1 });
    await expect.poll(() => znodes.watchers('/a')).toBe(0);
  });
});
