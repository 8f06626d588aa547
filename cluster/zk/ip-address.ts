/** Addresses in ACLs of the `ip` scheme: `address` or `address/bits` (`IPAuthenticationProvider`, version 3.9). */

const v6GroupCount = 8;

/** Whether `expression` can name an address or a network. */
export function isIpExpression(expression: string): boolean {
  return parseNetwork(expression) !== null;
}

/** Whether the client's `address` lies in the network that `expression` names. */
export function ipMatches(address: string, expression: string): boolean {
  const network = parseNetwork(expression);
  const client = parseAddress(address);
  if (network === null || client === null || client.length !== network.bytes.length) return false;
  for (let i = 0; i < client.length; i += 1) {
    const mask = maskOfByte(network.bits - i * 8);
    if (((client[i] ?? 0) & mask) !== ((network.bytes[i] ?? 0) & mask)) return false;
  }
  return true;
}

interface Network {
  readonly bytes: readonly number[];
  readonly bits: number;
}

function parseNetwork(expression: string): Network | null {
  const at = expression.indexOf('/');
  const bytes = parseAddress(at === -1 ? expression : expression.slice(0, at));
  if (bytes === null) return null;
  const bitsMax = bytes.length * 8;
  if (at === -1) return { bytes, bits: bitsMax };
  const bits = parseNumber(expression.slice(at + 1), { radix: 10, max: bitsMax });
  return bits === null ? null : { bytes, bits };
}

function parseAddress(text: string): readonly number[] | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): readonly number[] | null {
  const parts = text.split('.');
  const bytes = parts.map((part) => parseNumber(part, { radix: 10, max: 255 }));
  return parts.length === 4 && allKnown(bytes) ? bytes : null;
}

function parseV6(text: string): readonly number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const known = head.length + tail.length;
  if (halves.length === 1 ? known !== v6GroupCount : known >= v6GroupCount) return null;
  const zeros = Array.from({ length: v6GroupCount - known }, () => '0');
  const groups = [...head, ...zeros, ...tail].map((part) => parseNumber(part, { radix: 16, max: 0xffff }));
  return allKnown(groups) ? groups.flatMap((group) => [group >> 8, group & 0xff]) : null;
}

function parseNumber(text: string, format: { readonly radix: 10 | 16; readonly max: number }): number | null {
  const digits = format.radix === 10 ? /^\d{1,3}$/ : /^[\da-f]{1,4}$/i;
  if (!digits.test(text)) return null;
  const value = Number.parseInt(text, format.radix);
  return value <= format.max ? value : null;
}

function allKnown(values: (number | null)[]): values is number[] {
  return !values.includes(null);
}

function maskOfByte(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}
