/** Bytes in JSON: base64 with their length beside it, never as lossy text. */
import { z } from 'zod';

/** Bytes that a base64 text stands for, from its length and padding alone. */
export function base64ByteLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** A value of a znode. `length` is in bytes and must agree with `base64`. */
export const encodedBytes = z
  .object({ base64: z.base64(), length: z.number().int().nonnegative() })
  .refine((bytes) => base64ByteLength(bytes.base64) === bytes.length, {
    message: 'length does not agree with base64',
  });
export type EncodedBytes = z.infer<typeof encodedBytes>;

/** A 64-bit id (zxid, session) as decimal text: JSON numbers would be rounded by other readers. */
export const decimalId = z.string().regex(/^(0|[1-9][0-9]{0,19})$/, 'not a decimal id');
