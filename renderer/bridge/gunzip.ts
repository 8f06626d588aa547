/** Unpacks gzip with the browser's own decompressor, up to a bound. */

/** More unpacked bytes than this are not shown (own choice: a viewer, not an archive tool). */
const inflatedBytesMax = 8 * 1024 * 1024;

/** The unpacked bytes; null when they are not gzip after all, or too many. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > inflatedBytesMax) {
        await reader.cancel();
        return null;
      }
      parts.push(part.value);
    }
  } catch {
    // Damaged or not gzip: shown packed.
    return null;
  }
  return joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
