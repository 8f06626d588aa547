/**
 * Proof between members that both hold the cluster's secret (DESIGN.md 10): no other local process can
 * inject messages. HMAC-SHA256 over both sides' nonces and incarnations.
 *
 *   initiator ── hello (which seat, to whom, which cluster, nonce) ─► responder
 *   initiator ◄─ nonce, incarnation, HMAC("responder", all so far) ── responder
 *   initiator ── HMAC("initiator", all so far) ─────────────────────► responder
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { type ClusterId, type Incarnation, incarnation, type MemberId, memberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';

const magic = 0x4d55_5350;
/** 2: with incarnations. */
const version = 2;
const nonceBytes = 16;
const incarnationBytes = 8;
const saltBytes = nonceBytes + incarnationBytes;
export const proofBytes = 32;
export const helloBytes = 4 + 1 + 8 + 1 + incarnationBytes + 1 + nonceBytes;
export const challengeBytes = saltBytes + proofBytes;

export interface Identity {
  readonly cluster: ClusterId;
  readonly self: MemberId;
  /** The data directory that this process speaks for. */
  readonly incarnation: Incarnation;
  readonly secret: Uint8Array;
}

/** The initiator's first message. */
export function makeHello(identity: Identity, to: MemberId): Uint8Array {
  const writer = new ByteWriter(helloBytes);
  writer.writeUint32(magic);
  writer.writeUint8(version);
  writer.writeInt64(identity.cluster);
  writer.writeUint8(identity.self);
  writer.writeInt64(identity.incarnation);
  writer.writeUint8(to);
  writer.writeBytes(randomBytes(nonceBytes));
  return writer.finish();
}

/** Who says hello, if it is of this cluster, means us and is not ourselves. Proves nothing yet. */
export function readHello(hello: Uint8Array, identity: Identity): Seat | null {
  const reader = new ByteReader(hello);
  const known = reader.readUint32() === magic && reader.readUint8() === version;
  if (!known) return null;
  const cluster = reader.readInt64();
  const from = reader.readUint8();
  const life = reader.readInt64();
  const to = reader.readUint8();
  if (cluster !== identity.cluster || to !== identity.self || from === 0 || !isIncarnation(life)) return null;
  if (from === identity.self && life === identity.incarnation) return null;
  return { id: memberId(from), incarnation: incarnation(life) };
}

/** The responder's answer, with a nonce of its own. */
export function makeChallenge(
  hello: Uint8Array,
  identity: Pick<Identity, 'incarnation' | 'secret'>,
): Uint8Array {
  const writer = new ByteWriter(saltBytes);
  writer.writeBytes(randomBytes(nonceBytes));
  writer.writeInt64(identity.incarnation);
  const salt = writer.finish();
  return Buffer.concat([salt, prove('responder', { hello, salt, secret: identity.secret })]);
}

/** The initiator's proof and whom it speaks to, or null when the responder did not prove itself. */
export function answerChallenge(
  hello: Uint8Array,
  challenge: Uint8Array,
  secret: Uint8Array,
): { readonly proof: Uint8Array; readonly responder: Incarnation } | null {
  const salt = challenge.subarray(0, saltBytes);
  const expected = prove('responder', { hello, salt, secret });
  if (!timingSafeEqual(expected, challenge.subarray(saltBytes))) return null;
  const life = new ByteReader(salt.subarray(nonceBytes)).readInt64();
  if (!isIncarnation(life)) return null;
  return { proof: prove('initiator', { hello, salt, secret }), responder: incarnation(life) };
}

/** Whether the initiator proved itself. */
export function isProof(
  proof: Uint8Array,
  conversation: { readonly hello: Uint8Array; readonly challenge: Uint8Array; readonly secret: Uint8Array },
): boolean {
  const { hello, challenge, secret } = conversation;
  const salt = challenge.subarray(0, saltBytes);
  return timingSafeEqual(prove('initiator', { hello, salt, secret }), proof);
}

function isIncarnation(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < 2 ** 48;
}

function prove(
  role: 'initiator' | 'responder',
  what: { readonly hello: Uint8Array; readonly salt: Uint8Array; readonly secret: Uint8Array },
): Buffer {
  return createHmac('sha256', what.secret).update(role).update(what.hello).update(what.salt).digest();
}
