import { describe, expect, it } from 'vitest';
import { zxid } from '../base/ids.ts';
import { CommittedOnly } from './committed-only.ts';

const checker = new CommittedOnly();
const at = { path: '/x', zxid: zxid(5) };

describe('committed only', () => {
  it('accepts what is committed, and what a client is shown just as it stood', () => {
    checker.told('client', { zxid: zxid(5), committed: zxid(5) });
    checker.showed('client', { ...at, shown: null, stood: null });
    checker.showed('client', { ...at, shown: { data: 'a', version: 1 }, stood: { data: 'a', version: 1 } });
    checker.showed('client', { ...at, shown: { data: null, version: 1 }, stood: { data: 'a', version: 1 } });
  });

  it('finds an answer that is ahead of the log', () => {
    const told = () => checker.told('client', { zxid: zxid(6), committed: zxid(5) });
    expect(told).toThrow(expect.objectContaining({ promise: 'committed only' }));
  });

  it.each([
    ['another value', { data: 'b', version: 1 }, { data: 'a', version: 1 }],
    ['another version', { data: null, version: 2 }, { data: 'a', version: 1 }],
    ['something that was not there', { data: 'a', version: 1 }, null],
    ['nothing where something was', null, { data: 'a', version: 1 }],
  ])('finds %s', (_what, shown, stood) => {
    const showed = () => checker.showed('client', { ...at, shown, stood });
    expect(showed).toThrow(expect.objectContaining({ promise: 'reads show the log' }));
  });
});
