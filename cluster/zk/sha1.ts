/**
 * SHA-1 (FIPS 180-4), for the `digest` scheme alone, which is defined by it. It protects nothing
 * else here: clients and stored ACLs agree on it, so it cannot be exchanged for a stronger hash.
 */
const blockBytes = 64;
const lengthBytes = 8;

/** The 20 bytes of the hash. */
export function sha1(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const schedule = new Int32Array(80);
  for (let at = 0; at < padded.byteLength; at += blockBytes) compress(state, schedule, padded, at);
  const hash = new DataView(new ArrayBuffer(20));
  state.forEach((word, i) => {
    hash.setInt32(i * 4, word);
  });
  return new Uint8Array(hash.buffer);
}

/** The message, a one bit, zeros, and its length in bits. */
function pad(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 1 + lengthBytes) / blockBytes);
  const padded = new Uint8Array(blocks * blockBytes);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - lengthBytes, BigInt(message.length) * 8n);
  return view;
}

function compress(state: Int32Array, schedule: Int32Array, input: DataView, at: number): void {
  for (let t = 0; t < 16; t += 1) schedule[t] = input.getInt32(at + t * 4);
  for (let t = 16; t < 80; t += 1) {
    const mixed =
      word(schedule, t - 3) ^ word(schedule, t - 8) ^ word(schedule, t - 14) ^ word(schedule, t - 16);
    schedule[t] = rotateLeft(mixed, 1);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t += 1) {
    const next = (rotateLeft(a, 5) + choose(t, b, c, d) + e + constantOf(t) + word(schedule, t)) | 0;
    [a, b, c, d, e] = [next, a, rotateLeft(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((value, i) => {
    state[i] = word(state, i) + value;
  });
}

/** The function f of §4.1.1. */
function choose(t: number, x: number, y: number, z: number): number {
  if (t < 20) return (x & y) ^ (~x & z);
  return t >= 40 && t < 60 ? (x & y) ^ (x & z) ^ (y & z) : x ^ y ^ z;
}

/** The constants K of §4.2.1. */
function constantOf(t: number): number {
  if (t < 20) return 0x5a827999;
  if (t < 40) return 0x6ed9eba1;
  return t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(words: Int32Array, at: number): number {
  return words[at] ?? 0;
}
