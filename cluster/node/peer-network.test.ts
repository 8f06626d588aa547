import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { clusterId, incarnation, memberId } from '../base/ids.ts';
import { peerFrameBytesMax, peerHandshakesMax } from '../base/limits.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import {
  answerChallenge,
  helloBytes,
  type Identity,
  makeChallenge,
  makeHello,
  proofBytes,
} from './peer-handshake.ts';
import {
  cluster,
  framed,
  freePort,
  incarnationOf,
  join,
  knock,
  one,
  pause,
  reach,
  scope,
  secret,
  standIn,
  start,
  startPair,
  two,
  until,
} from './testing/peers.ts';

/** The deadline of a handshake, and room for a busy machine. */
const handshakeMs = { min: 800, max: 2_500 };

afterEach(() => scope.close());

describe('two members', () => {
  it('exchange frames both ways, whole and in order', async () => {
    const [first, second] = await startPair();
    await reach(first, { member: second, id: two });
    await reach(second, { member: first, id: one });
    first.received.length = 0;
    await pause(20);
    second.received.length = 0;
    const texts = Array.from({ length: 500 }, (_, at) => `${at} ${'x'.repeat(at % 50 === 0 ? 200_000 : at)}`);
    for (const text of texts) first.network.send(two, encodeUtf8(text));
    await until('all frames arrive', () => second.received.length === texts.length);
    expect(second.received).toEqual(texts.map((text) => `1: ${text}`));
    second.network.send(one, new Uint8Array(0));
    await until('an empty frame arrives', () => first.received.includes('2: '));
    expect([first.gone, second.gone, first.told, second.told]).toEqual([[], [], [], []]);
  });

  it.each([
    ['another secret', { secret: encodeUtf8('another secret') }],
    ['another cluster', { cluster: clusterId(8) }],
  ])('with %s do not hear each other', async (_what, identity) => {
    const [first, second] = await startPair(identity);
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs) {
      first.network.send(two, encodeUtf8('to two'));
      second.network.send(one, encodeUtf8('to one'));
      await pause(10);
    }
    expect([first.received, second.received, first.gone, second.gone]).toEqual([[], [], [], []]);
  });

  it('find each other again after one was started anew', async () => {
    const [first, second] = await startPair();
    await reach(first, { member: second, id: two });
    await reach(second, { member: first, id: one });
    await second.stop();
    await until('its end is noticed', () => first.gone.length > 0);
    const again = await start({ self: two, peer: one, peerPort: first.port, port: second.port });
    await reach(first, { member: again, id: two });
    await reach(again, { member: first, id: one });
    expect(first.gone).toEqual([two]);
  });

  it('drop frames for a peer that is not there', async () => {
    const lonely = await start({ self: one, peer: two, peerPort: await freePort() });
    lonely.network.send(two, encodeUtf8('lost'));
    lonely.network.send(memberId(77), encodeUtf8('to nobody'));
    await pause(50);
    expect(lonely.received).toEqual([]);
  });
});

describe('a seat', () => {
  it('is told by the member and the data directory that its process speaks for', async () => {
    const [first, second] = await startPair({ incarnation: incarnation(7) });
    await reach(second, { member: first, id: one });
    expect(first.received[0]).toBe('2@7: ping');
  });

  it('is heard also when nobody told its address', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const nine = { id: memberId(9), incarnation: incarnation(900) };
    const socket = await join(
      member.port,
      { cluster, self: nine.id, incarnation: nine.incarnation, secret },
      one,
    );
    socket.write(framed('hello'));
    await until('it is heard', () => member.received.includes('9: hello'));
  });

  it('is answered over its own connection, and no other process of that number is', async () => {
    const first = await start({ self: one, peer: two, peerPort: await freePort() });
    const join2 = (life: number) =>
      start({ self: two, peer: one, peerPort: first.port, identity: { incarnation: incarnation(life) } });
    const [given, current] = [await join2(8), await join2(9)];
    for (const member of [given, current]) await reach(member, { member: first, id: one });
    first.network.reply({ id: two, incarnation: incarnation(8) }, encodeUtf8('you were removed'));
    first.network.reply({ id: two, incarnation: incarnation(7) }, encodeUtf8('nobody hears this'));
    await until('the one it means hears it', () => given.received.length > 0);
    await pause(50);
    expect([given.received, current.received]).toEqual([['1: you were removed'], []]);
  });
});

describe('the addresses of the peers', () => {
  it('can change while members run: a new port is connected to, a missing one is left alone', async () => {
    const first = await start({ self: one, peer: two, peerPort: await freePort() });
    const second = await start({ self: two, peer: one, peerPort: first.port });
    first.setPeers([{ id: two, port: second.port }]);
    await reach(first, { member: second, id: two });
    first.setPeers([{ id: one, port: first.port }]);
    const heard = second.received.length;
    first.network.send(two, encodeUtf8('nobody is there'));
    await pause(50);
    expect([second.received.length, first.gone]).toEqual([heard, []]);
  });
});

describe('the evidence that a peer is gone', () => {
  it('is given once, when its connection ended and its port refuses', async () => {
    const [first, second] = await startPair();
    await reach(first, { member: second, id: two });
    const stoppedMs = performance.now();
    await second.stop();
    await until('its end is noticed', () => first.gone.length > 0);
    expect(performance.now() - stoppedMs).toBeLessThan(500);
    await pause(300);
    expect(first.gone).toEqual([two]);
  });

  it('is not given for a peer that was never up', async () => {
    const lonely = await start({ self: one, peer: two, peerPort: await freePort() });
    await pause(400);
    expect(lonely.gone).toEqual([]);
  });

  it('is not given for a peer that says nothing', async () => {
    const proofs: boolean[] = [];
    const silent = await standIn((_socket, proven) => void proven.then((proof) => proofs.push(proof)));
    const member = await start({ self: one, peer: two, peerPort: silent.port });
    await until('the member has proved itself', () => proofs.length === 1);
    await pause(300);
    expect({ proofs, gone: member.gone }).toEqual({ proofs: [true], gone: [] });
  });

  it('is not given when the connection breaks and the peer takes another', async () => {
    let connections = 0;
    const breaking = await standIn((socket, proven) => {
      connections += 1;
      void proven.then(() => pause(20)).then(() => socket.destroy());
    });
    const member = await start({ self: one, peer: two, peerPort: breaking.port });
    await until('it has connected again', () => connections >= 4);
    expect(member.gone).toEqual([]);
  });

  it('is not given for a peer that takes connections and does not answer, as a stopped process does', async () => {
    const sockets: Socket[] = [];
    const stopped = createServer({ pauseOnConnect: true }, (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => stopped.listen(0, '127.0.0.1', resolve));
    scope.add(() => {
      for (const socket of sockets) socket.destroy();
      stopped.close();
    });
    const member = await start({ self: one, peer: two, peerPort: (stopped.address() as AddressInfo).port });
    await until('it has tried twice', () => sockets.length >= 2);
    expect(member.gone).toEqual([]);
  });
});

describe('the peer port', () => {
  const stranger: Identity = { cluster, self: two, incarnation: incarnationOf(two), secret };

  it('refuses a peer that does not know the secret, and hears nothing of it', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const { socket, closed } = await knock(member.port);
    socket.write(makeHello(stranger, one));
    socket.write(new Uint8Array(proofBytes));
    socket.write(framed('let me in'));
    await closed;
    expect({ received: member.received, told: member.told }).toEqual({
      received: [],
      told: ['peerRefused: does not know the secret'],
    });
  });

  it('is not believed by a member when it does not know the secret', async () => {
    let asked = 0;
    let proofs = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        if (bytes.length === helloBytes) {
          asked += 1;
          socket.write(
            makeChallenge(bytes, { incarnation: incarnationOf(two), secret: encodeUtf8('a guess') }),
          );
        } else proofs += 1;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scope.add(() => void server.close());
    await start({ self: one, peer: two, peerPort: (server.address() as AddressInfo).port });
    await until('it was asked twice', () => asked >= 2);
    expect(proofs).toBe(0);
  });

  it('closes on garbage at once, without an answer', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const { socket, closed, bytes } = await knock(member.port);
    socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(3_000));
    expect(await closed).toBeLessThan(500);
    expect({ bytes: bytes(), told: member.told }).toEqual({
      bytes: 0,
      told: ['peerRefused: not of this ensemble'],
    });
  });

  it('gives a slow handshake no longer than its deadline, however it trickles', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const silent = await knock(member.port);
    const trickling = await knock(member.port);
    const hello = makeHello(stranger, one);
    let at = 0;
    const drip = setInterval(() => trickling.socket.write(hello.subarray(at, ++at)), 60);
    scope.add(() => clearInterval(drip));
    for (const durationMs of await Promise.all([silent.closed, trickling.closed])) {
      expect(durationMs).toBeGreaterThan(handshakeMs.min);
      expect(durationMs).toBeLessThan(handshakeMs.max);
    }
    expect([silent.bytes(), trickling.bytes()]).toEqual([0, 0]);
  });

  it('bounds the connections that have not proved themselves', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const pending = [];
    for (let count = 0; count < peerHandshakesMax; count += 1) pending.push(await knock(member.port));
    const refused = await Promise.all([await knock(member.port), await knock(member.port)]);
    for (const { closed } of refused) expect(await closed).toBeLessThan(500);
    for (const { closed } of pending) expect(await closed).toBeGreaterThan(handshakeMs.min);
    const socket = await join(member.port, stranger, one);
    socket.write(framed('hello'));
    await until('a member is heard again', () => member.received.includes('2: hello'));
  });

  it('closes on a frame that is too large, and keeps what came before', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const socket = await join(member.port, stranger, one);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setInt32(0, peerFrameBytesMax + 1);
    socket.write(framed('fine'));
    await until('the frame before is heard', () => member.received.length === 1);
    socket.write(length);
    await closed;
    socket.write(framed('too late'));
    expect({ received: member.received, told: member.told }).toEqual({
      received: ['2: fine'],
      told: [expect.stringContaining('peerFrameRefused: frame length 8388609')],
    });
  });

  it('hears frames that come in one packet with the proof', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const { socket } = await knock(member.port);
    const hello = makeHello(stranger, one);
    const challenge = new Promise<Uint8Array>((resolve) => socket.once('data', (bytes) => resolve(bytes)));
    socket.write(hello);
    const proof = answerChallenge(hello, await challenge, secret)?.proof ?? new Uint8Array(0);
    socket.write(Buffer.concat([proof, framed('first'), framed('second')]));
    await until('both are heard', () => member.received.length === 2);
    expect(member.received).toEqual(['2: first', '2: second']);
  });

  it('ends its connections when it stops', async () => {
    const member = await start({ self: one, peer: two, peerPort: await freePort() });
    const [proven, pending] = [await join(member.port, stranger, one), await knock(member.port)];
    const closed = new Promise((resolve) => proven.once('close', resolve));
    await member.stop();
    await Promise.all([closed, pending.closed]);
  });
});
