/** Garbage and malice on the console's port, over HTTP and WebSocket: refused, and the console goes on. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, messageBytesMax, protocolVersion, socketPath } from '../api/messages.ts';
import { consoleInvalidMessagesMax, consoleSocketsUnauthenticatedMax } from '../base/limits.ts';
import { RawClient } from '../console/testing/raw-client.ts';
import { createSeededRandom } from '../sim/random.ts';
import { type HostileTarget, startHostileTarget } from './testing/hostile-target.ts';

const random = createSeededRandom('hostile console');
const closeTimeoutMs = 15_000;
const tooBig = 1009;

describe("the console's port", () => {
  let target: HostileTarget;
  let port: number;
  let token: string;

  beforeAll(async () => {
    target = await startHostileTarget();
    const { console } = target.instance;
    port = console.port;
    token = console.openUrl.split('#token=')[1] ?? '';
  });
  afterEach(async () => {
    const page = await fetch(target.instance.console.url);
    expect(await page.text()).toContain('<title>console</title>');
    const client = await welcomed();
    client.socket.terminate();
    await target.expectUnharmed();
  });
  afterAll(() => target.close());

  function open(): RawClient {
    return new RawClient(`http://127.0.0.1:${port}${socketPath}`);
  }

  async function welcomed(): Promise<RawClient> {
    const client = open();
    await client.opened();
    client.send({ kind: 'authenticate', token, protocol: protocolVersion });
    await client.next('welcome');
    return client;
  }

  /** Sends these bytes, and gives what came back before the server closed. */
  function answerTo(bytes: string | Uint8Array): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket: Socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
      let answer = '';
      socket.setTimeout(closeTimeoutMs, () => reject(new Error(`not closed: ${answer.slice(0, 200)}`)));
      socket.on('data', (more) => {
        answer += more.toString('latin1');
      });
      // A reset is one way of refusing; `close` follows.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        socket.destroy();
        resolve(answer);
      });
    });
  }

  it('refuses what is no HTTP, and requests that bend it', async () => {
    const host = `Host: 127.0.0.1:${port}\r\n`;
    const end = `${host}Connection: close\r\n\r\n`;
    const expected: readonly (readonly [string, RegExp])[] = [
      ['garbage\r\n\r\n', /^HTTP\/1.1 400 /],
      [`GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
      [`GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`, /^HTTP\/1.1 403 /],
      [`GET / HTTP/1.1\r\nConnection: close\r\n\r\n`, /^HTTP\/1.1 40[03] /],
      [`GET /../../../../etc/passwd HTTP/1.1\r\n${end}`, /^HTTP\/1.1 404 /],
      [`GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n${end}`, /^HTTP\/1.1 404 /],
      [`GET /% HTTP/1.1\r\n${end}`, /^HTTP\/1.1 40[04] /],
      [`GET ${'/x'.repeat(6_000)} HTTP/1.1\r\n${end}`, /^HTTP\/1.1 404 /],
      [`DELETE / HTTP/1.1\r\n${end}`, /^HTTP\/1.1 405 /],
      [`POST / HTTP/1.1\r\nContent-Length: -1\r\n${end}`, /^HTTP\/1.1 400 /],
      [`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${end}zz\r\n`, /^HTTP\/1.1 40[05] /],
      [`CONNECT evil.example:80 HTTP/1.1\r\n${end}`, /^$|^HTTP\/1.1 4/],
    ];
    for (const [bytes, answer] of expected) {
      expect({ bytes: bytes.slice(0, 60), answer: await answerTo(bytes) }).toEqual({
        bytes: bytes.slice(0, 60),
        answer: expect.stringMatching(answer),
      });
    }
    const noise = Array.from({ length: 100 }, () => answerTo(random.bytes(1 + random.below(5_000))));
    expect((await Promise.all(noise)).filter((answer) => /^HTTP\/1.1 [23]/.test(answer))).toEqual([]);
  });

  it('lets no page of another origin, and no other path, open a socket', async () => {
    const upgrade = (path: string, origin: string): string =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    expect(await answerTo(upgrade(socketPath, 'http://evil.example'))).toMatch(/^HTTP\/1.1 403 /);
    expect(await answerTo(upgrade(socketPath, 'null'))).toMatch(/^HTTP\/1.1 403 /);
    expect(await answerTo(upgrade('/other', `http://127.0.0.1:${port}`))).toMatch(/^HTTP\/1.1 404 /);
    // Unmasked, reserved bits, an impossible length: no frames of a client.
    for (const frame of ['\x81\x05hello', '\xf1\x80abcd', `\x82\xff${'\xff'.repeat(8)}abcd`]) {
      const own = upgrade(socketPath, `http://127.0.0.1:${port}`);
      expect(await answerTo(Buffer.from(own + frame, 'latin1'))).toMatch(/^HTTP\/1.1 101 /);
    }
  });

  it('closes on whoever lacks the token', async () => {
    for (const first of [
      'garbage',
      '{}',
      '[]',
      JSON.stringify({ kind: 'authenticate', token: `${token}x`, protocol: protocolVersion }),
      JSON.stringify({ kind: 'command', id: 1, name: 'kill', input: { member: 1 } }),
      '['.repeat(500_000),
    ]) {
      const client = open();
      await client.opened();
      client.socket.send(first);
      expect(await client.closed).toBe(closeCodes.notAuthenticated);
      expect(client.messages).toEqual([]);
    }
    const silent = Array.from({ length: 3 * consoleSocketsUnauthenticatedMax }, () => open());
    const codes = await Promise.all(silent.map(({ closed }) => closed));
    expect(new Set(codes)).toEqual(new Set([closeCodes.notAuthenticated, closeCodes.tooMany]));
  });

  it('closes on messages outside the protocol, at some point, and on one that is too large', async () => {
    const client = await welcomed();
    for (let at = 0; at < consoleInvalidMessagesMax; at += 1) client.socket.send('{"kind":"song"}');
    expect(await client.closed).toBe(closeCodes.invalidMessage);
    const other = await welcomed();
    other.socket.send('x'.repeat(messageBytesMax + 1));
    expect(await other.closed).toBe(tooBig);
  });

  it('answers commands that make no sense with a failure', async () => {
    const client = await welcomed();
    const commands = [
      { name: 'nothing of the kind', input: {} },
      { name: 'constructor', input: null },
      { name: '__proto__', input: {} },
      { name: 'znode.get', input: { path: '/a\0b' } },
      { name: 'znode.get', input: { path: 7 } },
      { name: 'partition', input: { groups: [[-1]] } },
    ];
    for (const [id, { name, input }] of commands.entries()) {
      client.send({ kind: 'command', id, name, input });
      expect({ name, ...(await client.next('failure')) }).toMatchObject({ name, id });
    }
    client.socket.terminate();
  });
});
