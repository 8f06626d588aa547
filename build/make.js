// Builds what runs: the console, the Node programs and the Electron shell, each only when its input changed.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @typedef {'renderer' | 'node' | 'electron'} Part */
/** @typedef {{ readonly name: Part, readonly ms: number }} Built */

export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const distRoot = join(repositoryRoot, 'dist');

/** @type {readonly Part[]} */
export const parts = ['renderer', 'node', 'electron'];

/** Folders whose files decide whether a part is stale. Tests are left out: they are never bundled. */
const inputsOf = {
  renderer: ['renderer', 'cluster/api', 'cluster/base'],
  node: ['cluster'],
  electron: ['electron', 'cluster'],
};
const sharedInputs = ['build/make.js', 'package.json', 'package-lock.json'];
const testFile = /\.(test|[a-z]+\.test)\.tsx?$/;

/** @param {string} path @returns {string[]} every file below `path`, as paths from the repository root */
function filesBelow(path) {
  const absolute = join(repositoryRoot, path);
  if (!existsSync(absolute)) return [];
  if (statSync(absolute).isFile()) return [path];
  return readdirSync(absolute, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .filter((file) => !testFile.test(file));
}

/** The fingerprint of a part's input: names, sizes and modification times. @param {Part} part */
function fingerprint(part) {
  const hash = createHash('sha1');
  for (const file of [...inputsOf[part], ...sharedInputs].flatMap(filesBelow).sort()) {
    const { mtimeMs, size } = statSync(join(repositoryRoot, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** @param {Part} part */
const stampFile = (part) => join(distRoot, '.stamps', part);

/** @param {Part} part @param {string} stamp */
function isFresh(part, stamp) {
  const file = stampFile(part);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** Programs: every `cluster/bin/x.ts` that is not a test becomes `dist/node/x.js`. @returns {Record<string, string>} */
function programs() {
  const folder = join(repositoryRoot, 'cluster/bin');
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !testFile.test(file));
  return Object.fromEntries(files.map((file) => [file.slice(0, -'.ts'.length), join(folder, file)]));
}

/** The folder's own entry file, if it has been written. @param {string} path */
const existing = (path) => (existsSync(join(repositoryRoot, path)) ? join(repositoryRoot, path) : null);

/**
 * A Vite configuration for code that runs on Node or in Electron's main process: one flat folder, so that
 * `new URL('./member.js', import.meta.url)` holds in an entry and in a shared chunk alike.
 * @param {{ input: Record<string, string>, outDir: string, format: 'es' | 'cjs' }} options
 * @returns {import('vite').InlineConfig}
 */
export function serverConfig({ input, outDir, format }) {
  const extension = format === 'es' ? 'js' : 'cjs';
  return {
    root: repositoryRoot,
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        input,
        // ws looks for these two natives and works without them.
        external: ['electron', 'bufferutil', 'utf-8-validate'],
        output: {
          format,
          entryFileNames: `[name].${extension}`,
          chunkFileNames: `[name]-[hash].${extension}`,
        },
      },
    },
  };
}

/** @param {string} outDir @returns {Promise<import('vite').InlineConfig>} */
async function rendererConfig(outDir) {
  const [{ default: react }, { default: tailwind }] = await Promise.all([
    import('@vitejs/plugin-react'),
    import('@tailwindcss/vite'),
  ]);
  return {
    root: join(repositoryRoot, 'renderer'),
    base: './',
    plugins: [react(), tailwind()],
    build: { outDir, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 1500 },
  };
}

/** What there is to build for a part; nothing when its entry has not been written. @param {Part} part @param {string} outDir */
async function configsOf(part, outDir) {
  switch (part) {
    case 'renderer':
      return existing('renderer/index.html') ? [await rendererConfig(outDir)] : [];
    case 'node': {
      const input = programs();
      return Object.keys(input).length > 0 ? [serverConfig({ input, outDir, format: 'es' })] : [];
    }
    case 'electron': {
      const main = existing('electron/main/main.ts');
      const preload = existing('electron/preload/preload.ts');
      return [
        ...(main ? [serverConfig({ input: { main }, outDir, format: 'es' })] : []),
        ...(preload
          ? [serverConfig({ input: { preload }, outDir: join(outDir, 'preload'), format: 'cjs' })]
          : []),
      ];
    }
  }
}

/** @param {string} folder @returns {string[]} files below `folder`, relative to it */
function builtFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/**
 * Moves a finished build into place file by file, the files others refer to first, so that a program started
 * meanwhile finds either the old whole or the new whole. What the new build no longer has is removed last.
 * @param {string} from @param {string} to
 */
function publish(from, to) {
  const isEntry = (/** @type {string} */ file) => !/-[\w-]{8}\.\w+$/.test(file);
  const files = builtFiles(from).sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
  for (const file of files) {
    const target = join(to, file);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(from, file), target);
  }
  const current = new Set(files);
  for (const file of builtFiles(to)) if (!current.has(file)) rmSync(join(to, file), { force: true });
}

/** @param {Part} part @returns {Promise<Built | null>} null when the part was fresh or has nothing to build yet */
async function makePart(part) {
  const stamp = fingerprint(part);
  if (isFresh(part, stamp)) return null;
  const started = performance.now();
  const scratch = join(distRoot, `.scratch-${process.pid}`, part);
  const configs = await configsOf(part, scratch);
  if (configs.length === 0) return null;
  const { build } = await import('vite');
  // A test runner sets it to `test`, and React would be bundled with all its checks for developers.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    for (const config of configs) await build({ configFile: false, logLevel: 'warn', ...config });
    const preload = join(scratch, 'preload/preload.cjs');
    if (existsSync(preload)) renameSync(preload, join(scratch, 'preload.cjs'));
    publish(scratch, join(distRoot, part));
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
    rmSync(dirname(scratch), { recursive: true, force: true });
  }
  mkdirSync(dirname(stampFile(part)), { recursive: true });
  writeFileSync(stampFile(part), stamp);
  return { name: part, ms: performance.now() - started };
}

/**
 * Builds the stale ones of `only`, or of everything.
 * @param {{ only?: readonly Part[] }} [options]
 * @returns {Promise<readonly Built[]>} what was built; empty when all was fresh
 */
export async function make({ only = parts } = {}) {
  /** @type {Built[]} */
  const built = [];
  for (const part of only) {
    const result = await makePart(part);
    if (result !== null) built.push(result);
  }
  return built;
}

/** @param {string | undefined} name @returns {readonly Part[]} */
function partsNamed(name) {
  const chosen = parts.filter((part) => part === name);
  if (chosen.length === 0)
    throw new Error(`--only takes one of ${parts.join(', ')}, not ${name ?? 'nothing'}`);
  return chosen;
}

async function main() {
  const at = process.argv.indexOf('--only');
  const built = await make(at === -1 ? {} : { only: partsNamed(process.argv[at + 1]) });
  for (const { name, ms } of built) console.log(`built dist/${name} in ${Math.round(ms)} ms`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
