/** CRC-32C (Castagnoli), eight bytes at a time: the checksum of everything Muster writes to disk. */

const polynomial = 0x82f63b78;
const tables = makeTables();

/** Checksum of `bytes`, 0 to 2³²-1. `seed` continues the checksum of what came before. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = ~seed;
  let at = 0;
  for (const last = bytes.length - 8; at <= last; at += 8) {
    crc ^= at4(bytes, at);
    const high = at4(bytes, at + 4);
    crc =
      look(t7, crc) ^
      look(t6, crc >>> 8) ^
      look(t5, crc >>> 16) ^
      look(t4, crc >>> 24) ^
      look(t3, high) ^
      look(t2, high >>> 8) ^
      look(t1, high >>> 16) ^
      look(t0, high >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ look(t0, crc ^ (bytes[at] as number));
  return ~crc >>> 0;
}

type Tables = readonly [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

function look(table: Int32Array, index: number): number {
  return table[index & 0xff] as number;
}

/** Four bytes as one little-endian integer. */
function at4(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function makeTables(): Tables {
  const made = Array.from({ length: 8 }, () => new Int32Array(256)) as unknown as Tables;
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    made[0][byte] = crc;
  }
  for (let table = 1; table < 8; table += 1) {
    const before = made[table - 1] as Int32Array;
    const here = made[table] as Int32Array;
    for (let byte = 0; byte < 256; byte += 1) {
      const crc = before[byte] as number;
      here[byte] = (crc >>> 8) ^ look(made[0], crc);
    }
  }
  return made;
}
