import { describe, expect, it } from 'vitest';
import { ok } from '../../cluster/base/result.ts';
import type { Notice } from '../preload/contract.ts';
import { isConsoleAddress } from './addresses.ts';
import { type Asked, createRequestListener } from './requests.ts';

const consoleAddress = 'http://127.0.0.1:4000/';

function ask(changes: Partial<Asked>): {
  readonly answer: Promise<unknown>;
  readonly shown: readonly Notice[];
} {
  const shown: Notice[] = [];
  const listen = createRequestListener({
    consoleAddress,
    services: {
      openDataFolder: () => Promise.resolve(ok(null)),
      notify(notice) {
        shown.push(notice);
        return Promise.resolve(ok(null));
      },
    },
  });
  const notice = { title: 'Member 1', body: 'crashed' };
  const asked: Asked = {
    senderAddress: `${consoleAddress}#/log`,
    fromMainFrame: true,
    name: 'notify',
    input: notice,
  };
  return { answer: listen({ ...asked, ...changes }), shown };
}

describe('a request of the page', () => {
  it('is carried out for the console', async () => {
    const { answer, shown } = ask({});
    expect(await answer).toEqual({ ok: true, value: null });
    expect(shown).toEqual([{ title: 'Member 1', body: 'crashed' }]);
  });

  it.each<[string, Partial<Asked>]>([
    ['another port', { senderAddress: 'http://127.0.0.1:4001/' }],
    ['another host', { senderAddress: 'http://127.0.0.1.evil.example:4000/' }],
    ['a file', { senderAddress: 'file:///etc/passwd' }],
    ['a page without an origin', { senderAddress: 'data:text/html,x' }],
    ['a frame that is gone', { senderAddress: null }],
    ['a frame inside the page', { fromMainFrame: false }],
  ])('is refused from %s', async (_, changes) => {
    const { answer, shown } = ask(changes);
    expect(await answer).toEqual({ ok: false, error: 'This page may not ask anything.' });
    expect(shown).toEqual([]);
  });

  it.each([['quit'], ['__proto__'], ['toString'], [7], [null]])('is refused when named %j', async (name) => {
    expect(await ask({ name }).answer).toEqual({ ok: false, error: 'There is no such request.' });
  });

  it.each([
    [null],
    ['text'],
    [{ title: '', body: 'x' }],
    [{ title: 'x', body: 'x'.repeat(501) }],
    [{ title: 'x', body: 'x', icon: '/etc/passwd' }],
  ])('is refused with the input %j', async (input) => {
    const { answer, shown } = ask({ input });
    expect(await answer).toMatchObject({ ok: false });
    expect(shown).toEqual([]);
  });
});

describe('an address', () => {
  it('is the console by scheme, host and port', () => {
    expect(isConsoleAddress('http://127.0.0.1:4000/log#x', consoleAddress)).toBe(true);
    expect(isConsoleAddress('https://127.0.0.1:4000/', consoleAddress)).toBe(false);
    expect(isConsoleAddress('not an address', consoleAddress)).toBe(false);
    expect(isConsoleAddress('data:x', 'about:blank')).toBe(false);
  });
});
