/** Small files for people to read and for us to trust: text whose last line is its CRC-32C. */
import { crc32c } from '../base/checksum.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import type { Disk } from '../ports/disk.ts';

const lastLine = /checksum [0-9a-f]{8}\n$/;
const lastLineBytes = 'checksum 01234567\n'.length;

/** The file's bytes for `text`, which ends in a line break. */
export function checksummedText(text: string): Uint8Array {
  return encodeUtf8(`${text}${checksumLine(text)}`);
}

/** The text of a file without its last line, or null when it is not as it was written. Throws `DiskFailure`. */
export function readChecksummedText(disk: Disk, file: string): string | null {
  const content = decodeUtf8(disk.read(file, { offset: 0, length: disk.sizeBytes(file) }));
  if (!lastLine.test(content)) return null;
  const text = content.slice(0, -lastLineBytes);
  return content === `${text}${checksumLine(text)}` ? text : null;
}

function checksumLine(text: string): string {
  return `checksum ${crc32c(encodeUtf8(text)).toString(16).padStart(8, '0')}\n`;
}
