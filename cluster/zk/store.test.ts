import { describe, expect, it } from 'vitest';
import { create, failure, remove, setData, TestLog } from './testing/log.ts';

describe('store', () => {
  it('creates, reads, changes and deletes a znode', () => {
    const log = new TestLog();
    const session = log.openSession();
    expect(log.write(session, create('/a', { data: 'x' }))).toEqual({
      kind: 'created',
      path: '/a',
      stat: null,
    });
    expect(log.write(session, setData('/a', 'yy', 1))).toEqual(failure('badVersion'));
    expect(log.write(session, setData('/a', 'yy', 0))).toMatchObject({ kind: 'stat', stat: { version: 1 } });
    expect(log.write(session, remove('/a', 1))).toEqual({ kind: 'deleted' });
    expect(log.write(session, remove('/a'))).toEqual(failure('noNode'));
  });
});
