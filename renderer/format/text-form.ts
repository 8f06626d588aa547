/**
 * Whether a value survives being edited as text. A text area turns every line end into one line
 * feed, so a value is text only if the original can be restored from that.
 */
import { strictUtf8, utf8Bytes } from './bytes.ts';

export type LineEnd = 'lf' | 'crlf';

export type TextForm =
  | { readonly kind: 'text'; readonly text: string; readonly lineEnd: LineEnd }
  /** Well-formed UTF-8 that a text area would change: shown as text, edited as hexadecimal. */
  | { readonly kind: 'readOnlyText'; readonly text: string }
  | { readonly kind: 'binary' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const unsafeInTextArea = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** How these bytes may be shown and edited as text. */
export function textForm(bytes: Uint8Array): TextForm {
  const text = strictUtf8(bytes);
  if (text === null) return { kind: 'binary' };
  if (unsafeInTextArea.test(text)) return { kind: 'readOnlyText', text };
  if (!text.includes('\r')) return { kind: 'text', text, lineEnd: 'lf' };
  const normal = text.replaceAll('\r\n', '\n');
  const restorable = normal.replaceAll('\n', '\r\n') === text;
  return restorable ? { kind: 'text', text: normal, lineEnd: 'crlf' } : { kind: 'readOnlyText', text };
}

/** The bytes of an edited text, with the line ends the value had. */
export function bytesOfText(text: string, lineEnd: LineEnd): Uint8Array<ArrayBuffer> {
  return utf8Bytes(lineEnd === 'crlf' ? text.replaceAll('\n', '\r\n') : text);
}
