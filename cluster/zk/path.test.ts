import { describe, expect, it } from 'vitest';
import { isSpecialPath, isValidPath, nameOf, parentPath } from './path.ts';

describe('a path', () => {
  it.each([
    '/',
    '/a',
    '/a/b',
    '/a.b',
    '/.a',
    '/a/..b',
    '/a../b',
    '/...',
    '/a/ b',
    '/é',
    '/\ud7ff',
    '/\uf900',
  ])('may be %j', (path) => {
    expect(isValidPath(path)).toBe(true);
  });

  it.each([
    '',
    'a',
    'a/b',
    '/a/',
    '//',
    '//a',
    '/a//b',
    '/.',
    '/..',
    '/a/.',
    '/a/..',
    '/./a',
    '/../a',
    '/a/./b',
    '/a/../b',
    '/a\0',
    '/a\x01',
    '/\x1f',
    '/\x7f',
    '/\x9f',
    '/\ud83d\ude00',
    '/\ue000',
    '/\uf8ff',
    '/\ufff0',
    '/\uffff',
  ])('may not be %j', (path) => {
    expect(isValidPath(path)).toBe(false);
  });

  it('has a parent and a name', () => {
    expect(parentPath('/a')).toBe('/');
    expect(parentPath('/a/b/c')).toBe('/a/b');
    expect(parentPath('/')).toBe('/');
    expect(nameOf('/a/b')).toBe('b');
  });

  it('is special when the system made it', () => {
    const special = ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'];
    expect(special.filter(isSpecialPath)).toEqual(special);
    expect(['/a', '/zookeeper/x'].some(isSpecialPath)).toBe(false);
  });
});
