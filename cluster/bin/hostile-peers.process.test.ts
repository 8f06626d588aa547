/** Strangers on the peer ports: none gets in, and the leader keeps its term. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clusterId, type Incarnation, incarnation, memberId } from '../base/ids.ts';
import { peerFrameBytesMax, peerHandshakesMax } from '../base/limits.ts';
import {
  answerChallenge,
  challengeBytes,
  type Identity,
  makeHello,
  proofBytes,
} from '../node/peer-handshake.ts';
import { createSeededRandom } from '../sim/random.ts';
import { readEnsembleFile } from '../supervisor/ensemble-file.ts';
import { type HostileTarget, startHostileTarget } from './testing/hostile-target.ts';
import { int32, RawSocket } from './testing/raw-socket.ts';

const random = createSeededRandom('hostile peers');

describe('the peer port', () => {
  let target: HostileTarget;
  let identity: Identity;
  let term: number;

  beforeAll(async () => {
    target = await startHostileTarget();
    const record = readEnsembleFile(join(target.dataFolder, 'ensemble.json'));
    if (!record.ok) throw new Error(record.error.problem);
    const { clusterId: cluster, secret } = record.value;
    const life = incarnationOf(2);
    identity = {
      cluster: clusterId(cluster),
      self: memberId(2),
      incarnation: life,
      secret: Buffer.from(secret, 'hex'),
    };
    term = target.instance.supervisor.view().term;
  });
  afterEach(async () => {
    await target.expectUnharmed();
    expect(target.instance.supervisor.view().term).toBe(term);
  });
  afterAll(() => target.close());

  /** What a member's data directory is known by. */
  function incarnationOf(member: number): Incarnation {
    const view = target.instance.supervisor.view().members.find(({ id }) => id === member);
    return incarnation(Number.parseInt(view?.report?.incarnation ?? '', 16));
  }

  /** The challenge that follows a hello, or null when there is none. */
  async function greet(
    hello: Uint8Array,
  ): Promise<{ readonly socket: RawSocket; readonly challenge: Buffer }> {
    const socket = await new RawSocket(target.peerPort(1)).connected();
    const challenge = new Promise<Buffer>((resolve, reject) => {
      let bytes: Buffer = Buffer.alloc(0);
      socket.socket.on('data', (more) => {
        bytes = Buffer.concat([bytes, more]);
        if (bytes.length >= challengeBytes) resolve(bytes);
      });
      socket.socket.once('close', () => reject(new Error('closed without a challenge')));
    });
    socket.send(hello);
    return { socket, challenge: await challenge };
  }

  it('closes on random bytes, of any length', async () => {
    for (let round = 0; round < 10; round += 1) {
      const sockets = Array.from({ length: 20 }, () => new RawSocket(target.peerPort(1)));
      for (const { socket } of sockets) socket.end(random.bytes(1 + random.below(4_000)));
      await Promise.all(sockets.map((socket) => socket.closed()));
    }
  });

  it('does not answer a hello of another cluster, from itself, or to somebody else', async () => {
    const self = memberId(1);
    const hellos = [
      makeHello({ ...identity, cluster: clusterId((identity.cluster + 1) % 2 ** 48) }, self),
      makeHello({ ...identity, self, incarnation: incarnationOf(1) }, self),
      makeHello(identity, memberId(3)),
    ];
    for (const hello of hellos) await expect(greet(hello)).rejects.toThrow('closed without a challenge');
  });

  it('closes on a wrong proof, and on one replayed', async () => {
    const hello = makeHello(identity, memberId(1));
    const first = await greet(hello);
    const answer = answerChallenge(hello, first.challenge, identity.secret);
    if (answer === null) throw new Error('the member did not prove itself');
    const replayed = await greet(hello);
    await replayed.socket.send(answer.proof).closed();
    const guessed = await greet(hello);
    await guessed.socket.send(random.bytes(proofBytes)).closed();
    first.socket.socket.destroy();
    const wrong = { ...identity, secret: random.bytes(32) };
    expect(answerChallenge(hello, first.challenge, wrong.secret)).toBeNull();
  });

  it('lets nobody wait without a proof, however many come', async () => {
    const hello = makeHello(identity, memberId(1));
    const silent = Array.from({ length: 4 * peerHandshakesMax }, () => new RawSocket(target.peerPort(1)));
    await sleep(50);
    const startedMs = performance.now();
    await Promise.all(silent.map((socket) => socket.closed()));
    const { socket } = await greet(hello);
    await socket.closed();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('survives even a member that lost its mind: frames that are no messages, and lengths that are none', async () => {
    for (let round = 0; round < 100; round += 1) {
      const hello = makeHello(identity, memberId(1));
      const { socket, challenge } = await greet(hello);
      const answer = answerChallenge(hello, challenge, identity.secret);
      if (answer === null) throw new Error('the member did not prove itself');
      const bytes = random.bytes(random.below(200));
      socket
        .send(answer.proof)
        .send(int32(bytes.length))
        .send(bytes)
        .send(int32(peerFrameBytesMax + 1));
      await socket.closed();
    }
  });
});
