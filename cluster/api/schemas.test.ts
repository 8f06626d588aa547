import { describe, expect, it } from 'vitest';
import { base64ByteLength, decimalId, encodedBytes } from './bytes.ts';
import { type CommandName, commands, isCommandName, parseInput, parseOutput } from './commands.ts';
import { parseClientMessage, parseServerMessage } from './messages.ts';
import { view } from './views.ts';
import { type ZnodeStat, znodeKindOf } from './znode.ts';

describe('bytes', () => {
  it.each([
    ['', 0],
    ['AA==', 1],
    ['AAA=', 2],
    ['AAAA', 3],
  ])('%j stands for %d bytes', (base64, length) => {
    expect(base64ByteLength(base64)).toBe(length);
    expect(encodedBytes.safeParse({ base64, length }).success).toBe(true);
    expect(encodedBytes.safeParse({ base64, length: length + 1 }).success).toBe(false);
  });

  it.each(['A', '====', 'AA=A', 'ÄÄ==', 'AA==\n'])('%j is not base64', (base64) => {
    expect(encodedBytes.safeParse({ base64, length: 1 }).success).toBe(false);
  });

  it('ids are decimal text, as large as 64 bits', () => {
    const accepts = (id: string): boolean => decimalId.safeParse(id).success;
    expect(['0', '18446744073709551615'].every(accepts)).toBe(true);
    expect(['', '-1', '01', '1.5', '0x1', '1e3'].some(accepts)).toBe(false);
  });
});

describe('the command table', () => {
  const badInputs: readonly (readonly [CommandName, unknown])[] = [
    ['ensemble.read', null],
    ['timeline.read', { after: -1 }],
    ['member.start', { member: 0 }],
    ['member.kill', { member: 256 }],
    ['member.kill', { member: '1' }],
    ['partition', { groups: [] }],
    ['partition', { groups: [[1], []] }],
    ['znode.get', { path: 'a' }],
    ['znode.get', { path: `/${'a'.repeat(70_000)}` }],
    ['znode.children', { path: '/', offset: 0, limit: 1_001, detail: 'names' }],
    ['znode.children', { path: '/', offset: 0.5, limit: 1, detail: 'names' }],
    ['znode.create', { path: '/a', data: { base64: 'AA==', length: 2 }, mode: 'persistent', acl: null }],
    ['znode.create', { path: '/a', data: { base64: '', length: 0 }, mode: 'forever', acl: null }],
    ['znode.create', { path: '/a', data: { base64: '', length: 0 }, mode: 'persistent', acl: [] }],
    ['znode.set', { path: '/a', data: { base64: '', length: 0 }, version: -2 }],
    ['znode.delete', { path: '/a' }],
    ['log.read', { member: 1, from: 0, count: 1 }],
    ['log.read', { member: 1, from: null, count: 1_001 }],
  ];

  it.each(badInputs)('refuses for %s the input %j', (name, input) => {
    expect(parseInput(name, input).ok).toBe(false);
  });

  it('takes an output back only when it follows the schema', () => {
    expect(parseOutput('member.kill', null)).toEqual({ ok: true, value: null });
    expect(parseOutput('znode.create', { path: 1 })).toEqual({
      ok: false,
      error: 'path: Invalid input: expected string, received number',
    });
  });

  it('knows its own names and no inherited ones', () => {
    expect(Object.keys(commands).every(isCommandName)).toBe(true);
    expect(['constructor', 'toString', '__proto__', ''].some(isCommandName)).toBe(false);
  });
});

describe('messages', () => {
  it('survive the way through JSON', () => {
    const message = { kind: 'subscribe', id: 1, view: { kind: 'timeline', after: 0 } } as const;
    expect(parseClientMessage(JSON.stringify(message))).toEqual({ ok: true, value: message });
    const answer = { kind: 'result', id: 1, output: { anything: [null] } } as const;
    expect(parseServerMessage(JSON.stringify(answer))).toEqual({ ok: true, value: answer });
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"kind":"welcome"}',
    '{"kind":"subscribe","id":1,"view":{"kind":"disk"}}',
  ])('%j is no message of a client', (text) => {
    expect(parseClientMessage(text).ok).toBe(false);
  });

  it('a log view is of one to seven members', () => {
    const ofMembers = (members: readonly number[]): boolean =>
      view.safeParse({ kind: 'log', members }).success;
    expect([ofMembers([]), ofMembers([1]), ofMembers([1, 2, 3, 4, 5, 6, 7, 8])]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('the kind of a znode', () => {
  it('follows from its owner', () => {
    const owned = (ephemeralOwner: string): string => znodeKindOf({ ephemeralOwner } as ZnodeStat);
    expect([owned('0'), owned('4294967297')]).toEqual(['persistent', 'ephemeral']);
  });
});
