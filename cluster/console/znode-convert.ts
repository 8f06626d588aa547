/** Between the store's records and the API's JSON-safe forms. */
import type { EncodedBytes } from '../api/bytes.ts';
import type { ZnodeStat } from '../api/znode.ts';
import type { Stat } from '../zk/records.ts';

export function statView(stat: Stat): ZnodeStat {
  const { ctimeMs, mtimeMs, version, cversion, aversion, dataLength, numChildren } = stat;
  return {
    czxid: String(stat.czxid),
    mzxid: String(stat.mzxid),
    pzxid: String(stat.pzxid),
    ephemeralOwner: String(stat.ephemeralOwner),
    ctimeMs,
    mtimeMs,
    version,
    cversion,
    aversion,
    dataLength,
    numChildren,
  };
}

export function encodeBytes(bytes: Uint8Array): EncodedBytes {
  return { base64: Buffer.from(bytes).toString('base64'), length: bytes.length };
}

export function decodeBytes(encoded: EncodedBytes): Uint8Array {
  return Buffer.from(encoded.base64, 'base64');
}
