/**
 * Serves the built renderer. The folder is listed once, and only what was found then is served: no
 * request path ever reaches the file system, so there is nothing to traverse.
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { hostAllowed } from './guard.ts';

/** Files served at most: a renderer has dozens. */
const filesMax = 2_000;

interface Asset {
  readonly file: string;
  readonly type: string;
  readonly caching: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Answers HTTP requests from `assetsFolder`; `port` is asked at each request, once it is known. */
export function createStaticFiles(options: {
  readonly assetsFolder: string;
  readonly port: () => number;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const assets = listAssets(options.assetsFolder);
  return (request, response) => {
    const port = options.port();
    for (const [name, value] of Object.entries(securityHeaders(port))) response.setHeader(name, value);
    const asset = assets.get(pathOf(request));
    if (!hostAllowed(request, port)) refuse(response, 403, 'This address is not served here.');
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(response, 405, 'Only GET and HEAD are served.');
    } else if (asset === undefined) refuse(response, 404, missing(assets));
    else send(asset, { request, response });
  };
}

/** Scripts and connections of the page itself only; styles in the page too, which Radix's scroll lock sets. */
function securityHeaders(port: number): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function listAssets(folder: string): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const entry of listFiles(folder)) {
    if (assets.size >= filesMax) break;
    const path = `/${relative(folder, entry).split(sep).join('/')}`;
    const asset = { file: entry, type: contentTypes[extname(entry)] ?? 'application/octet-stream' };
    // Vite puts the content's hash into the names below assets/, so those never change.
    const caching = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store';
    assets.set(path, { ...asset, caching });
    if (path === '/index.html') assets.set('/', { ...asset, caching });
  }
  return assets;
}

function listFiles(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function missing(assets: ReadonlyMap<string, Asset>): string {
  return assets.size === 0
    ? 'The console is not built: run `npm run build`, then start again.'
    : 'There is nothing at this address.';
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${sentence}\n`);
}

function send(
  asset: Asset,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void {
  response.setHeader('Content-Type', asset.type);
  response.setHeader('Cache-Control', asset.caching);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stream = createReadStream(asset.file);
  stream.on('error', () => {
    if (response.headersSent) response.destroy();
    else refuse(response, 404, 'This file is gone since the start.');
  });
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}
