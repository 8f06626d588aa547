import { describe, expect, it } from 'vitest';
import { formatServer, parseServers, shuffled } from './servers.ts';

describe('parseServers', () => {
  it('reads names, addresses and ports', () => {
    expect(parseServers('localhost:2182, 10.0.0.1,[::1]:99')).toEqual({
      ok: true,
      value: [
        { host: 'localhost', port: 2182 },
        { host: '10.0.0.1', port: 2181 },
        { host: '::1', port: 99 },
      ],
    });
  });

  it.each(['', 'a,,b', 'host:0', 'host:65536', 'host:x', 'host:2181/app', '::1', 'a b:1'])(
    'refuses "%s"',
    (list) => {
      expect(parseServers(list)).toMatchObject({ ok: false, error: expect.stringContaining(`"${list}"`) });
    },
  );

  it('is undone by formatServer', () => {
    const servers = parseServers('localhost:2182,[::1]:99');
    expect(servers.ok && servers.value.map(formatServer)).toEqual(['localhost:2182', '[::1]:99']);
  });
});

describe('shuffled', () => {
  it('keeps every server, in an order that varies', () => {
    const servers = Array.from({ length: 7 }, (_, index) => ({ host: 'h', port: index + 1 }));
    const orders = Array.from({ length: 20 }, () => shuffled(servers).map(({ port }) => port));
    for (const order of orders) expect([...order].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
  });
});
