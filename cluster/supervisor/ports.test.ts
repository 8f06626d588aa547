import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isFree, planPorts } from './ports.ts';

const holders: Server[] = [];
afterEach(() => {
  for (const holder of holders.splice(0)) holder.close();
});

async function hold(port: number, host = '127.0.0.1'): Promise<void> {
  const holder = createServer().listen(port, host);
  holders.push(holder);
  await once(holder, 'listening');
}

/** `count` consecutive ports that are free. */
async function freeRun(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = (await planPorts([0]))?.[0] ?? 0;
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no run of free ports');
}

describe('planning ports', () => {
  it('gives everyone what they prefer when it is free', async () => {
    const base = await freeRun(3);
    expect(await planPorts([base, base + 1, base + 2])).toEqual([base, base + 1, base + 2]);
  });

  it('moves only the member whose port is in use, to the next free one', async () => {
    const base = await freeRun(4);
    await hold(base);
    expect(await planPorts([base, base + 1, base + 2])).toEqual([base + 3, base + 1, base + 2]);
  });

  it('does not share localhost: a port whose other half is in use is not free', async () => {
    const base = await freeRun(2);
    await hold(base, '::1');
    expect(await planPorts([base])).toEqual([base + 1]);
  });

  it('gives no port twice, nor one that is taken already', async () => {
    const base = await freeRun(4);
    expect(await planPorts([base, base, base], new Set([base + 1]))).toEqual([base, base + 2, base + 3]);
  });

  it('stays below the source ports of outgoing connections when nothing is preferred', async () => {
    for (const port of (await planPorts(Array(7).fill(0))) ?? []) {
      expect(port).toBeGreaterThanOrEqual(20_000);
      expect(port).toBeLessThan(32_768);
    }
  });
});
