import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { clientConnectionsMax } from '../base/limits.ts';
import { Scope } from '../base/scope.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import type { ClientLink } from '../ports/client-link.ts';
import { serveClients } from './client-server.ts';

interface Accepted {
  readonly link: ClientLink;
  readonly received: string[];
  drains: number;
  closed: boolean;
}

const scope = new Scope();
afterEach(() => scope.close());

async function serve(): Promise<{
  readonly port: number;
  readonly accepted: readonly Accepted[];
  readonly told: readonly string[];
  readonly stop: () => Promise<void>;
}> {
  const accepted: Accepted[] = [];
  const told: string[] = [];
  const { port, stop } = await serveClients({
    port: 0,
    trace: { emit: (_level, event) => void told.push(event) },
    accept: (link) => {
      const one: Accepted = { link, received: [], drains: 0, closed: false };
      accepted.push(one);
      return {
        received: (bytes) => void one.received.push(decodeUtf8(bytes)),
        drained: () => {
          one.drains += 1;
        },
        closed: () => {
          one.closed = true;
        },
      };
    },
  });
  scope.add(stop);
  return { port, accepted, told, stop };
}

interface Client {
  readonly socket: Socket;
  readonly chunks: string[];
  readonly closed: Promise<void>;
}

async function client(port: number, host = '127.0.0.1'): Promise<Client> {
  const socket = connect({ host, port });
  scope.add(() => void socket.destroy());
  const chunks: string[] = [];
  socket.on('data', (bytes) => chunks.push(bytes.toString('utf8')));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve());
    socket.once('close', () => resolve());
  });
  return { socket, chunks, closed };
}

async function until(what: string, holds: () => boolean, deadlineMs = 5_000): Promise<void> {
  for (const startMs = performance.now(); !holds(); ) {
    if (performance.now() - startMs > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the port for clients', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['localhost', expect.stringMatching(/^(127\.0\.0\.1|::1)$/)],
  ])('is reached at %s and knows its client', async (host, address) => {
    const { port, accepted } = await serve();
    const { socket, chunks } = await client(port, host);
    socket.write('hello');
    await until('the greeting arrives', () => accepted[0]?.received.join('') === 'hello');
    expect(accepted[0]?.link.remoteAddress).toEqual(address);
    expect(accepted[0]?.link.label).toBe(`${socket.localAddress}:${socket.localPort}`);
    accepted[0]?.link.send(encodeUtf8('welcome'));
    await until('the answer arrives', () => chunks.join('') === 'welcome');
  });

  it('sends what one turn gives in order, and all of it before a close', async () => {
    const { port, accepted } = await serve();
    const { chunks, closed } = await client(port);
    await until('the client is in', () => accepted.length === 1);
    const packets = Array.from({ length: 2_000 }, (_, at) => `<${at}>`);
    for (const packet of packets) accepted[0]?.link.send(encodeUtf8(packet));
    accepted[0]?.link.close();
    await closed;
    expect(chunks.join('')).toBe(packets.join(''));
    await until('the handler is told', () => accepted[0]?.closed === true);
  });

  it('lets a few packets of one turn leave together', async () => {
    const { port, accepted } = await serve();
    const { chunks } = await client(port);
    await until('the client is in', () => accepted.length === 1);
    for (const packet of ['a', 'b', 'c']) accepted[0]?.link.send(encodeUtf8(packet));
    await until('they arrive', () => chunks.length > 0);
    expect(chunks).toEqual(['abc']);
  });

  it('reads nothing while it is told to pause', async () => {
    const { port, accepted } = await serve();
    const { socket } = await client(port);
    await until('the client is in', () => accepted.length === 1);
    accepted[0]?.link.pauseReading();
    socket.write('x'.repeat(10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(accepted[0]?.received).toEqual([]);
    accepted[0]?.link.resumeReading();
    await until('reading goes on', () => accepted[0]?.received.join('') === 'x'.repeat(10));
  });

  it('tells the handler when its client goes, cleanly or by a reset', async () => {
    const { port, accepted } = await serve();
    const [leaving, resetting] = [await client(port), await client(port)];
    await until('both are in', () => accepted.length === 2);
    leaving.socket.end();
    resetting.socket.resetAndDestroy();
    await until('both are gone', () => accepted.every(({ closed }) => closed));
  });

  it('counts what a client does not read, and lets go of it after a close', async () => {
    const { port, accepted } = await serve();
    const { socket } = await client(port);
    socket.pause();
    await until('the client is in', () => accepted.length === 1);
    for (let sent = 0; sent < 32; sent += 1) accepted[0]?.link.send(new Uint8Array(1024 * 1024));
    await until('the rest is counted', () => (accepted[0]?.link.unsentBytes ?? 0) > 16 * 1024 * 1024);
    accepted[0]?.link.close();
    await until('it is let go', () => accepted[0]?.closed === true, 2_000);
  });

  it('tells when a client has read what it was sent', async () => {
    const { port, accepted } = await serve();
    const { socket } = await client(port);
    await until('the client is in', () => accepted.length === 1);
    socket.pause();
    for (let sent = 0; sent < 32; sent += 1) accepted[0]?.link.send(new Uint8Array(1024 * 1024));
    await until('the rest is counted', () => (accepted[0]?.link.unsentBytes ?? 0) > 16 * 1024 * 1024);
    expect(accepted[0]?.drains).toBe(0);
    socket.resume();
    await until('it has drained', () => accepted[0]?.drains === 1);
    expect(accepted[0]?.link.unsentBytes).toBe(0);
  });

  it('refuses clients past its limit, and takes one again when another left', async () => {
    const { port, accepted, told } = await serve();
    const clients = await Promise.all(Array.from({ length: clientConnectionsMax }, () => client(port)));
    await until('all are in', () => accepted.length === clientConnectionsMax);
    const refused = await client(port);
    await refused.closed;
    expect({ accepted: accepted.length, told }).toEqual({ accepted: 1_000, told: ['clientRefused'] });
    clients[0]?.socket.destroy();
    await until('one has left', () => accepted.some(({ closed }) => closed));
    await client(port);
    await until('another is in', () => accepted.length === clientConnectionsMax + 1);
  });

  it('ends every connection when it stops, and frees its port; stopping twice does no harm', async () => {
    const { port, accepted, stop } = await serve();
    const clients = [await client(port), await client(port, '::1')];
    await until('both are in', () => accepted.length === 2);
    await stop();
    await Promise.all(clients.map(({ closed }) => closed));
    await stop();
    const again = await serveClients({ port, trace: { emit: () => undefined }, accept: () => never() });
    scope.add(again.stop);
    expect(again.port).toBe(port);
  });

  it('keeps an answer safe from what its client still sends when it is closed', async () => {
    const { port, accepted } = await serve();
    const { socket, chunks, closed } = await client(port);
    socket.pause();
    await until('the client is in', () => accepted.length === 1);
    accepted[0]?.link.pauseReading();
    for (let sent = 0; sent < 20; sent += 1) socket.write(new Uint8Array(10_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    accepted[0]?.link.send(new Uint8Array(2_000_000));
    accepted[0]?.link.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.resume();
    await closed;
    expect(chunks.join('')).toHaveLength(2_000_000);
    expect(accepted[0]?.received).toEqual([]);
  });

  it('lets what is sent after a close not harm what was sent before', async () => {
    const { port, accepted } = await serve();
    const { socket, chunks, closed } = await client(port);
    socket.pause();
    await until('the client is in', () => accepted.length === 1);
    const link = accepted[0]?.link;
    link?.send(new Uint8Array(8_000_000));
    link?.close();
    link?.send(new Uint8Array(100_000));
    link?.send(encodeUtf8('too late'));
    socket.resume();
    await closed;
    expect(chunks.join('')).toHaveLength(8_000_000);
  });

  it('fails when the other half of localhost is taken, and lets go of its own', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '::1', resolve));
    scope.add(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const options = { port, trace: { emit: () => undefined }, accept: () => never() };
    await expect(serveClients(options)).rejects.toThrow('EADDRINUSE');
    const half = createServer();
    await new Promise<void>((resolve, reject) =>
      half.once('error', reject).listen(port, '127.0.0.1', resolve),
    );
    half.close();
  });

  it('fails when its port is taken', async () => {
    const { port } = await serve();
    const taken = serveClients({ port, trace: { emit: () => undefined }, accept: () => never() });
    await expect(taken).rejects.toThrow('EADDRINUSE');
  });
});

function never(): never {
  throw new Error('no client was to come');
}
