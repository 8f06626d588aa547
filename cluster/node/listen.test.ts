import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listen } from './listen.ts';

describe('a port', () => {
  it('outlives a connection that could not be accepted, and says why', async () => {
    const told: string[] = [];
    const server = createServer();
    const trace = {
      emit: (_level: string, event: string, facts?: object) => void told.push(event + JSON.stringify(facts)),
    };
    const port = await listen(server, { host: '127.0.0.1', port: 0, trace });
    expect(port).toBeGreaterThan(0);
    // What Node tells a server when accept() fails; a real shortage would be this whole process's.
    server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
    expect(told).toEqual(['acceptFailed{"reason":"accept EMFILE"}']);
    expect(server.listening).toBe(true);
    await new Promise((resolve) => server.close(resolve));
  });

  it('that is taken is refused', async () => {
    const trace = { emit: () => undefined };
    const [first, second] = [createServer(), createServer()];
    const port = await listen(first, { host: '127.0.0.1', port: 0, trace });
    await expect(listen(second, { host: '127.0.0.1', port, trace })).rejects.toThrow('EADDRINUSE');
    await new Promise((resolve) => first.close(resolve));
  });
});
