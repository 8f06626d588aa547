// `node build/draw-icons.js` draws build/icon.svg into the icons that packages need; the results are committed.
// Needs Chromium, which the tests use too: its path in CHROMIUM_PATH, or /usr/bin/chromium.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './make.js';

const buildFolder = join(repositoryRoot, 'build');

/** @typedef {{ readonly size: number, readonly png: Buffer }} Picture */

/** @param {readonly number[]} sizes @returns {Promise<Picture[]>} */
async function draw(sizes) {
  const { chromium } = await import('playwright-core');
  const svg = readFileSync(join(buildFolder, 'icon.svg'), 'utf8');
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage();
    /** @type {Picture[]} */
    const pictures = [];
    for (const size of sizes) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
      pictures.push({ size, png: await page.screenshot({ omitBackground: true }) });
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

/** Windows: ICONDIR, one ICONDIRENTRY each, then the PNGs. @param {readonly Picture[]} pictures */
export function icoOf(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [at, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * at;
    // A byte holds up to 255: 0 stands for 256.
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** The ICNS types that hold a PNG, by size in pixels. */
const icnsTypes = [
  { size: 16, type: 'icp4' },
  { size: 32, type: 'icp5' },
  { size: 128, type: 'ic07' },
  { size: 256, type: 'ic08' },
  { size: 512, type: 'ic09' },
  { size: 1024, type: 'ic10' },
];

/** macOS: a header, then type, length and PNG of each size. @param {readonly Picture[]} pictures */
export function icnsOf(pictures) {
  const blocks = icnsTypes.flatMap(({ size, type }) =>
    pictures
      .filter((picture) => picture.size === size)
      .flatMap(({ png }) => [Buffer.from(type), bigEndian(png.length + 8), png]),
  );
  const length = 8 + blocks.reduce((sum, { length: bytes }) => sum + bytes, 0);
  return Buffer.concat([Buffer.from('icns'), bigEndian(length), ...blocks]);
}

/** @param {number} value */
function bigEndian(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

async function main() {
  const pictures = await draw([16, 24, 32, 48, 64, 128, 256, 512, 1024]);
  const upTo = (/** @type {number} */ max) => pictures.filter(({ size }) => size <= max);
  mkdirSync(join(buildFolder, 'icons'), { recursive: true });
  for (const { size, png } of pictures.filter((picture) => [128, 512, 1024].includes(picture.size)))
    writeFileSync(join(buildFolder, 'icons', `${size}x${size}.png`), png);
  writeFileSync(join(buildFolder, 'icon.ico'), icoOf(upTo(256)));
  writeFileSync(join(buildFolder, 'icon.icns'), icnsOf(pictures));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
