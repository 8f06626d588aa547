/** Who may talk to the console server: requests for this address, from its own page, with the token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A random page on the web can reach 127.0.0.1 under a name of its own; its Host header tells. */
export function hostAllowed(request: IncomingMessage, port: number): boolean {
  return ownAuthorities(port).includes(request.headers.host ?? '');
}

/**
 * Browsers name the page that opens a WebSocket; only the console's own page may. Clients that are
 * no browsers (the CLI) name none, and have to know the token anyway.
 */
export function originAllowed(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  return origin === undefined || ownAuthorities(port).some((own) => origin === `http://${own}`);
}

/** Compares in a time that tells nothing about where the texts differ. */
export function sameToken(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function ownAuthorities(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
