import { describe, expect, it } from 'vitest';
import { isResolvedAcl, isWellFormedAcl, maskAcl, openAcl, permits, readOnlyAcl, resolveAcl } from './acl.ts';
import { AclCache } from './acl-cache.ts';
import { ipMatches, isIpExpression } from './ip-address.ts';
import { type Acl, permissions } from './records.ts';

const ann = { scheme: 'digest', id: 'ann:hash' };
const home = { scheme: 'ip', id: '127.0.0.1' };
const { read, write, all } = permissions;

function entry(scheme: string, id: string, granted: number = all): Acl {
  return { permissions: granted, scheme, id };
}

describe('an ACL', () => {
  it.each([
    ['world', 'anyone'],
    ['digest', 'ann:hash'],
    ['digest', ':hash'],
    ['digest', 'ann:hash:'],
    ['ip', '10.0.0.0/8'],
    ['ip', '::1'],
  ])('may name %s %s', (scheme, id) => {
    expect(isResolvedAcl([entry(scheme, id)])).toBe(true);
  });

  it.each([
    ['world', 'someone'],
    ['digest', 'ann'],
    ['digest', 'ann:'],
    ['digest', 'a:b:c'],
    ['ip', '1.2.3'],
    ['ip', '127.0.0.1/33'],
    ['super', ''],
    ['sasl', 'ann'],
  ])('may not name %s %s', (scheme, id) => {
    expect(isWellFormedAcl([entry(scheme, id)])).toBe(false);
  });

  it('may not be empty', () => {
    expect(isWellFormedAcl([])).toBe(false);
  });

  it('may say auth until it is resolved', () => {
    expect(isWellFormedAcl([entry('auth', '')])).toBe(true);
    expect(isResolvedAcl([entry('auth', '')])).toBe(false);
  });

  it('resolves auth to what the client proved, which an address is not', () => {
    const acl = [entry('auth', '', read), entry('auth', '', read), entry('world', 'anyone')];
    expect(resolveAcl(acl, [home, ann])).toEqual({
      ok: true,
      value: [entry('digest', 'ann:hash', read), entry('world', 'anyone')],
    });
    expect(resolveAcl(acl, [home])).toEqual({ ok: false, error: 'invalidAcl' });
  });

  it('grants bits to whom it names, and everything to the superuser', () => {
    const acl = [entry('digest', 'ann:hash', read), entry('ip', '127.0.0.0/8', write)];
    expect(permits(acl, read, [ann])).toBe(true);
    expect(permits(acl, write, [ann])).toBe(false);
    expect(permits(acl, read | write, [ann])).toBe(true); // one of them is enough
    expect(permits(acl, write, [home])).toBe(true);
    expect(permits(acl, read, [{ scheme: 'digest', id: 'bob:hash' }])).toBe(false);
    expect(permits(acl, all, [{ scheme: 'super', id: '' }])).toBe(true);
    expect(permits(readOnlyAcl, read, [])).toBe(true);
    expect(permits(readOnlyAcl, write, [])).toBe(false);
    expect(permits(openAcl, all, [])).toBe(true);
  });

  it('hides password hashes', () => {
    expect(maskAcl([entry('digest', 'ann:hash'), entry('ip', '::1')])).toEqual([
      entry('digest', 'ann:x'),
      entry('ip', '::1'),
    ]);
  });
});

describe('the ACL cache', () => {
  it('shares equal lists while somebody uses them', () => {
    const cache = new AclCache();
    const first = cache.intern([entry('digest', 'ann:hash')]);
    cache.retain(first);
    const second = cache.intern([entry('digest', 'ann:hash')]);
    cache.retain(second);
    expect(second).toBe(first);
    cache.release(first);
    expect(cache.size).toBe(1);
    cache.release(second);
    expect(cache.size).toBe(0);
    expect(() => cache.release(second)).toThrow('more often');
  });
});

describe('an address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.2', '127.0.0.1', false],
    ['127.9.9.9', '127.0.0.0/8', true],
    ['128.0.0.0', '127.0.0.0/8', false],
    ['10.0.3.255', '10.0.2.0/23', true],
    ['10.0.4.0', '10.0.2.0/23', false],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['::1', '::1', true],
    ['0:0:0:0:0:0:0:1', '::1', true],
    ['fe80::12', 'fe80::/10', true],
    ['fec0::12', 'fe80::/10', false],
    ['127.0.0.1', '::1', false],
    ['127.0.0.1', 'nonsense', false],
  ])('%s in %s: %s', (address, expression, expected) => {
    expect(ipMatches(address, expression)).toBe(expected);
  });

  it.each([
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '::1::',
    ':::',
    '1:2',
    '::g',
    '12345::',
  ])('is not %j', (expression) => {
    expect(isIpExpression(expression)).toBe(false);
  });
});
