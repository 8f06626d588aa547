/**
 * Small files for people to read and for us to trust: text whose last line is its CRC-32C. The seed of
 * the checksum is whose directory it is, so that another directory's file does not pass for this one's.
 */
import { crc32c } from '../base/checksum.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import type { Disk } from '../ports/disk.ts';

const lastLine = /checksum [0-9a-f]{8}\n$/;
const lastLineBytes = 'checksum 01234567\n'.length;

/** The file's bytes for `text`, which ends in a line break. */
export function checksummedText(text: string, seed: number): Uint8Array {
  return encodeUtf8(`${text}${checksumLine(text, seed)}`);
}

/** The text of a file without its last line; null when it is absent or not as it was written. Throws `DiskFailure`. */
export function readChecksummedText(disk: Disk, file: string, seed: number): string | null {
  if (!disk.exists(file)) return null;
  const content = decodeUtf8(disk.read(file, { offset: 0, length: disk.sizeBytes(file) }));
  if (!lastLine.test(content)) return null;
  const text = content.slice(0, -lastLineBytes);
  return content === `${text}${checksumLine(text, seed)}` ? text : null;
}

function checksumLine(text: string, seed: number): string {
  return `checksum ${crc32c(encodeUtf8(text), seed).toString(16).padStart(8, '0')}\n`;
}
