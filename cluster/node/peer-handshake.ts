/**
 * Proof between members that both hold the cluster's secret (DESIGN.md 10): no other local process can
 * inject messages. HMAC-SHA256 over both sides' nonces; the initiator only sends afterwards.
 *
 *   initiator ── hello (who, to whom, which cluster, nonce) ──► responder
 *   initiator ◄── nonce, HMAC("responder", hello, nonce) ────── responder
 *   initiator ── HMAC("initiator", hello, nonce) ─────────────► responder
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import type { ClusterId, MemberId } from '../base/ids.ts';

const magic = 0x4d55_5350;
const version = 1;
const nonceBytes = 16;
export const proofBytes = 32;
export const helloBytes = 4 + 1 + 8 + 1 + 1 + nonceBytes;
export const challengeBytes = nonceBytes + proofBytes;

export interface Identity {
  readonly cluster: ClusterId;
  readonly self: MemberId;
  readonly secret: Uint8Array;
}

/** The initiator's first message. */
export function makeHello(identity: Identity, to: MemberId): Uint8Array {
  const writer = new ByteWriter(helloBytes);
  writer.writeUint32(magic);
  writer.writeUint8(version);
  writer.writeInt64(identity.cluster);
  writer.writeUint8(identity.self);
  writer.writeUint8(to);
  writer.writeBytes(randomBytes(nonceBytes));
  return writer.finish();
}

/** Who says hello, if it is one of ours and means us. Proves nothing yet. */
export function readHello(hello: Uint8Array, identity: Identity): number | null {
  const reader = new ByteReader(hello);
  const known = reader.readUint32() === magic && reader.readUint8() === version;
  const cluster = reader.readInt64();
  const from = reader.readUint8();
  const to = reader.readUint8();
  return known && cluster === identity.cluster && to === identity.self ? from : null;
}

/** The responder's answer, with a nonce of its own. */
export function makeChallenge(hello: Uint8Array, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  return Buffer.concat([nonce, prove('responder', { hello, nonce, secret })]);
}

/** The initiator's proof, or null when the responder did not prove itself. */
export function answerChallenge(
  hello: Uint8Array,
  challenge: Uint8Array,
  secret: Uint8Array,
): Uint8Array | null {
  const nonce = challenge.subarray(0, nonceBytes);
  const expected = prove('responder', { hello, nonce, secret });
  if (!timingSafeEqual(expected, challenge.subarray(nonceBytes))) return null;
  return prove('initiator', { hello, nonce, secret });
}

/** Whether the initiator proved itself. */
export function isProof(
  proof: Uint8Array,
  conversation: { readonly hello: Uint8Array; readonly challenge: Uint8Array; readonly secret: Uint8Array },
): boolean {
  const { hello, challenge, secret } = conversation;
  return timingSafeEqual(
    prove('initiator', { hello, nonce: challenge.subarray(0, nonceBytes), secret }),
    proof,
  );
}

function prove(
  role: 'initiator' | 'responder',
  what: { readonly hello: Uint8Array; readonly nonce: Uint8Array; readonly secret: Uint8Array },
): Buffer {
  return createHmac('sha256', what.secret).update(role).update(what.hello).update(what.nonce).digest();
}
