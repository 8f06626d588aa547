/** The `digest` scheme (`DigestAuthenticationProvider`): a user is known by `user:base64(sha1(user:password))`. */
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import type { AuthId } from './records.ts';
import { sha1 } from './sha1.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The identity that a credential `user:password` proves. Every credential proves one. */
export function digestIdentity(credential: Uint8Array): AuthId {
  const text = decodeUtf8(credential);
  const [user = ''] = text.split(':', 1);
  return { scheme: 'digest', id: `${user}:${base64(sha1(encodeUtf8(text)))}` };
}

/** RFC 4648 with padding. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const known = Math.min(3, bytes.length - i);
    for (let digit = 0; digit < 4; digit += 1) {
      text += digit <= known ? alphabet[(group >> (18 - digit * 6)) & 0x3f] : '=';
    }
  }
  return text;
}
