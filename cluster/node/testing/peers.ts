/** Members' networks on real sockets for tests, and either side of a connection by hand. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { clusterId, incarnation, type MemberId, memberId } from '../../base/ids.ts';
import { Scope } from '../../base/scope.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/utf8.ts';
import type { Network } from '../../ports/network.ts';
import { FixedReader } from '../fixed-reader.ts';
import {
  answerChallenge,
  challengeBytes,
  helloBytes,
  type Identity,
  isProof,
  makeChallenge,
  makeHello,
  proofBytes,
} from '../peer-handshake.ts';
import { createPeerNetwork, type OpenPeerNetwork } from '../peer-network.ts';

export const cluster = clusterId(7);
export const secret = encodeUtf8('the secret of this cluster');
export const [one, two] = [memberId(1), memberId(2)];
/** A member's data directory, for tests in which it has but one. */
export const incarnationOf = (member: MemberId) => incarnation(member * 100);
/** What a test started; it closes this at its end. */
export const scope = new Scope();

export interface Member {
  readonly network: Network;
  readonly port: number;
  readonly received: string[];
  readonly gone: MemberId[];
  readonly told: string[];
  readonly setPeers: OpenPeerNetwork['setPeers'];
  readonly stop: () => Promise<void>;
}

export async function start(options: {
  readonly self: MemberId;
  readonly peer: MemberId;
  readonly peerPort: number;
  readonly port?: number;
  readonly identity?: Partial<Identity>;
}): Promise<Member> {
  const received: string[] = [];
  const gone: MemberId[] = [];
  const told: string[] = [];
  const { network, port, setPeers, stop } = await createPeerNetwork({
    identity: {
      cluster,
      self: options.self,
      incarnation: incarnationOf(options.self),
      secret,
      ...options.identity,
    },
    listenPort: options.port ?? 0,
    peers: [{ id: options.peer, port: options.peerPort }],
    trace: { emit: (_level, event, facts) => void told.push(`${event}: ${facts?.['reason']}`) },
  });
  scope.add(stop);
  network.listen({
    received: (from, life, frame) => {
      const who = life === incarnationOf(from) ? `${from}` : `${from}@${life}`;
      received.push(`${who}: ${decodeUtf8(frame)}`);
    },
    peerGone: (peer) => void gone.push(peer),
  });
  return { network, port, received, gone, told, setPeers, stop };
}

/** Two members that know each other's ports; `identity` is the second one's. */
export async function startPair(identity: Partial<Identity> = {}): Promise<readonly [Member, Member]> {
  const [firstPort, secondPort] = [await freePort(), await freePort()];
  const first = await start({ self: one, peer: two, peerPort: secondPort, port: firstPort });
  const second = await start({ self: two, peer: one, peerPort: firstPort, port: secondPort, identity });
  return [first, second];
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function until(what: string, holds: () => boolean, deadlineMs = 5_000): Promise<void> {
  for (const startMs = performance.now(); !holds(); ) {
    if (performance.now() - startMs > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(5);
  }
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** Sends until something arrives: frames are lost while the link comes up. */
export async function reach(
  from: Member,
  to: { readonly member: Member; readonly id: MemberId },
): Promise<void> {
  const before = to.member.received.length;
  await until(`${to.id} is reached`, () => {
    from.network.send(to.id, encodeUtf8('ping'));
    return to.member.received.length > before;
  });
}

/** A connection by hand to a member's peer port. */
export async function knock(port: number): Promise<{
  readonly socket: Socket;
  readonly bytes: () => number;
  readonly closed: Promise<number>;
}> {
  const socket = connect({ host: '127.0.0.1', port });
  scope.add(() => void socket.destroy());
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.on('error', () => undefined);
  const startMs = performance.now();
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => resolve(performance.now() - startMs)),
  );
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return { socket, bytes: () => bytes, closed };
}

/** Proves to be a member, by hand, and gives the socket. */
export async function join(port: number, identity: Identity, to: MemberId): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  scope.add(() => void socket.destroy());
  socket.on('error', () => undefined);
  const hello = makeHello(identity, to);
  socket.write(hello);
  const reader = new FixedReader();
  await new Promise<void>((resolve) => {
    const onData = (bytes: Buffer): void => {
      reader.push(bytes);
      const challenge = reader.take(challengeBytes);
      if (challenge === null) return;
      socket.off('data', onData);
      const answer = answerChallenge(hello, challenge, identity.secret);
      if (answer !== null) socket.write(answer.proof);
      socket.resume();
      resolve();
    };
    socket.on('data', onData);
  });
  return socket;
}

export function framed(text: string): Uint8Array {
  const body = encodeUtf8(text);
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setInt32(0, body.length);
  bytes.set(body, 4);
  return bytes;
}

/** Member 2's port by hand: answers the handshake, and then as the test says. */
export async function standIn(onSocket: (socket: Socket, proven: Promise<boolean>) => void): Promise<{
  readonly server: Server;
  readonly port: number;
}> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket, respond(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.add(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function respond(socket: Socket): Promise<boolean> {
  const reader = new FixedReader();
  let hello: Uint8Array | null = null;
  let challenge: Uint8Array = new Uint8Array(0);
  return new Promise((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      reader.push(bytes);
      if (hello === null) {
        hello = reader.take(helloBytes);
        if (hello === null) return;
        challenge = makeChallenge(hello, { incarnation: incarnationOf(two), secret });
        socket.write(challenge);
      }
      const proof = reader.take(proofBytes);
      if (proof !== null) resolve(isProof(proof, { hello, challenge, secret }));
    });
  });
}
