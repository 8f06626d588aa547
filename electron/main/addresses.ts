/** Which addresses the window may show. */

/** True for an address of the console server itself: same scheme, host and port. */
export function isConsoleAddress(address: string, consoleAddress: string): boolean {
  return originOf(address) !== null && originOf(address) === originOf(consoleAddress);
}

function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { origin } = new URL(address);
  // Addresses such as data: and about: have the origin "null", which equals nothing.
  return origin === 'null' ? null : origin;
}
