import { describe, expect, it } from 'vitest';
import { clientFrameBytesMax } from '../base/limits.ts';
import { openAcl } from './acl.ts';
import { admit } from './admit.ts';
import type { WriteRequest } from './requests.ts';
import { check, create, remove, setAcl, setData } from './testing/log.ts';

const ann = [{ scheme: 'digest', id: 'ann:hash' }];
const mine = [{ permissions: 31, scheme: 'auth', id: '' }];
const annsAcl = [{ permissions: 31, scheme: 'digest', id: 'ann:hash' }];

describe('admission', () => {
  it.each<readonly [string, WriteRequest, string]>([
    ['a create with a malformed path', create('/a//b'), 'badArguments'],
    ['a create without an ACL', create('/a', { acl: [] }), 'invalidAcl'],
    ['a create for nobody', create('/a', { acl: mine }), 'invalidAcl'],
    ['a create of too much', create('/a', { data: 'x'.repeat(clientFrameBytesMax + 1) }), 'badArguments'],
    ['a delete without a slash', remove('a'), 'badArguments'],
    ['a delete of the root', remove('/'), 'badArguments'],
    ['a setData with a malformed path', setData('/a/', ''), 'badArguments'],
    ['a setAcl with a malformed path', setAcl('a'), 'badArguments'],
    ['a setAcl without an ACL', setAcl('/a', []), 'invalidAcl'],
    ['a check with a malformed path', check('/a/..', 0), 'badArguments'],
  ])('refuses %s', (_, request, error) => {
    expect(admit(request, [])).toEqual({ ok: false, error });
  });

  it.each<readonly [string, WriteRequest]>([
    ['a create', create('/a')],
    ['a sequential create that ends in a slash', create('/a/', { mode: 'persistentSequential' })],
    ['a delete of a malformed path, which names nothing', remove('/a/')],
    ['an empty multi', { kind: 'multi', parts: [] }],
    ['a multi with malformed parts', { kind: 'multi', parts: [create('a'), create('/b', { acl: mine })] }],
  ])('lets %s pass unchanged', (_, request) => {
    expect(admit(request, [])).toEqual({ ok: true, value: request });
  });

  it('resolves ACLs, in a multi too', () => {
    expect(admit(create('/a', { acl: mine }), ann)).toEqual({
      ok: true,
      value: create('/a', { acl: annsAcl }),
    });
    const multi = {
      kind: 'multi',
      parts: [create('/a', { acl: mine }), setAcl('/a', openAcl), remove('/a')],
    } as const;
    expect(admit(multi, ann)).toEqual({
      ok: true,
      value: { kind: 'multi', parts: [create('/a', { acl: annsAcl }), setAcl('/a', openAcl), remove('/a')] },
    });
  });
});
