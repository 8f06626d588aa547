import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../base/utf8.ts';
import { digestIdentity } from './digest-auth.ts';
import { sha1 } from './sha1.ts';

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('SHA-1', () => {
  it.each([
    ['', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
  ])('of %j', (text, expected) => {
    expect(hexOf(sha1(encodeUtf8(text)))).toBe(expected);
  });

  it('agrees with another implementation at every length around a block', () => {
    for (let length = 0; length <= 130; length += 1) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
      expect(hexOf(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
    }
  });
});

describe('the digest scheme', () => {
  it.each([
    ['super:test', 'super:D/InIHSb7yEEbrWz8b9l71RjZJU='],
    ['ann:secret', 'ann:7RJfAeIvrl4zdj6sS2fXrQHDvHM='],
    ['bob:secret', 'bob:fyVmFCwVbTJYrznoSu1koqYEYF0='],
  ])('knows %s', (credential, id) => {
    expect(digestIdentity(encodeUtf8(credential))).toEqual({ scheme: 'digest', id });
  });

  it('takes everything before the first colon for the user', () => {
    expect(digestIdentity(encodeUtf8('ann:a:b')).id).toMatch(/^ann:[^:]+$/);
    expect(digestIdentity(encodeUtf8('nocolon')).id).toMatch(/^nocolon:/);
  });
});
