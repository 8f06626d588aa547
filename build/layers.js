// The layer table (DESIGN.md section 4): which folder may import which, on which runtime. Kept here and nowhere else;
// the import check, Biome's overrides and the TypeScript projects are derived from it or compared with it.

/**
 * What a folder's code may count on. `pure`: ECMAScript only. `renderer`: the browser. `node` and `electron`: Node.
 * @typedef {'pure' | 'node' | 'renderer' | 'electron' | 'tools'} Runtime
 */

/**
 * @typedef {object} Layer
 * @property {string} folder every file below it, unless a longer folder of the table claims it
 * @property {true} [filesOnly] only the files directly in the folder
 * @property {Runtime} runtime
 * @property {readonly string[]} may folders or single files outside its own that it may import
 * @property {readonly string[]} packages npm packages it may import; '*' for any
 */

const zkVocabulary = ['errors', 'records', 'requests'].map((name) => `cluster/zk/${name}.ts`);
const consoleTypes = ['cluster/api', 'cluster/base'];

/** @type {readonly Layer[]} */
export const layers = [
  { folder: 'cluster/base', runtime: 'pure', may: [], packages: [] },
  { folder: 'cluster/api', runtime: 'pure', may: ['cluster/base'], packages: ['zod'] },
  { folder: 'cluster/ports', runtime: 'pure', may: ['cluster/base', 'cluster/api'], packages: [] },
  { folder: 'cluster/raft', runtime: 'pure', may: ['cluster/base'], packages: [] },
  { folder: 'cluster/zk', runtime: 'pure', may: ['cluster/base'], packages: [] },
  { folder: 'cluster/wal', runtime: 'pure', may: ['cluster/base', 'cluster/ports'], packages: [] },
  {
    folder: 'cluster/replica',
    runtime: 'pure',
    may: ['cluster/base', 'cluster/api', 'cluster/ports', 'cluster/raft', 'cluster/zk', 'cluster/wal'],
    packages: [],
  },
  {
    folder: 'cluster/fault',
    runtime: 'pure',
    may: ['cluster/base', 'cluster/api', 'cluster/ports'],
    packages: [],
  },
  { folder: 'cluster/check', runtime: 'pure', may: ['cluster/base', 'cluster/api'], packages: [] },
  {
    folder: 'cluster/sim',
    runtime: 'pure',
    may: [
      'cluster/base',
      'cluster/api',
      'cluster/ports',
      'cluster/raft',
      'cluster/zk',
      'cluster/wal',
      'cluster/replica',
      'cluster/fault',
      'cluster/check',
    ],
    packages: [],
  },
  {
    folder: 'cluster/drill',
    runtime: 'pure',
    may: ['cluster/base', 'cluster/api', 'cluster/ports', 'cluster/check', 'cluster/fault'],
    packages: ['zod'],
  },
  {
    folder: 'cluster/client',
    runtime: 'node',
    may: ['cluster/base', 'cluster/ports', 'cluster/zk/wire', ...zkVocabulary],
    packages: [],
  },
  {
    folder: 'cluster/node',
    runtime: 'node',
    may: ['cluster/base', 'cluster/api', 'cluster/ports', 'cluster/fault', 'cluster/replica'],
    packages: [],
  },
  {
    folder: 'cluster/supervisor',
    runtime: 'node',
    may: ['cluster/base', 'cluster/api', 'cluster/ports', 'cluster/fault', 'cluster/client'],
    packages: ['zod'],
  },
  {
    folder: 'cluster/console',
    runtime: 'node',
    may: [
      'cluster/base',
      'cluster/api',
      'cluster/supervisor',
      'cluster/drill',
      'cluster/client',
      ...zkVocabulary,
    ],
    packages: ['ws', 'zod'],
  },
  {
    folder: 'cluster/bin',
    runtime: 'node',
    may: ['cluster'],
    packages: ['commander', 'open', 'ws', 'zod'],
  },
  {
    folder: 'electron/main',
    runtime: 'electron',
    may: [
      'cluster/base',
      'cluster/api',
      'cluster/console',
      'cluster/supervisor',
      'electron/preload/contract.ts',
    ],
    packages: ['electron', 'zod'],
  },
  { folder: 'electron/preload', runtime: 'electron', may: ['cluster/base'], packages: ['electron'] },
  // Tests of the whole shell.
  { folder: 'electron', filesOnly: true, runtime: 'electron', may: [], packages: [] },
  { folder: 'renderer/theme', runtime: 'renderer', may: [], packages: ['react'] },
  { folder: 'renderer/i18n', runtime: 'renderer', may: consoleTypes, packages: ['react'] },
  { folder: 'renderer/format', runtime: 'renderer', may: [...consoleTypes, 'renderer/i18n'], packages: [] },
  {
    folder: 'renderer/ui',
    runtime: 'renderer',
    may: ['cluster/base', 'renderer/theme', 'renderer/i18n', 'renderer/format'],
    packages: ['react', 'radix-ui', 'lucide-react', '@tanstack/react-virtual'],
  },
  {
    folder: 'renderer/store',
    runtime: 'renderer',
    may: [...consoleTypes, 'renderer/format', 'renderer/i18n'],
    packages: ['react'],
  },
  {
    folder: 'renderer/bridge',
    runtime: 'renderer',
    may: [
      ...consoleTypes,
      'renderer/format',
      'renderer/i18n',
      'renderer/store',
      'electron/preload/contract.ts',
    ],
    packages: [],
  },
  {
    folder: 'renderer/views',
    runtime: 'renderer',
    may: [
      ...consoleTypes,
      'renderer/theme',
      'renderer/i18n',
      'renderer/format',
      'renderer/ui',
      'renderer/store',
      'renderer/bridge',
    ],
    packages: ['react', 'radix-ui', 'lucide-react', '@tanstack/react-virtual'],
  },
  {
    folder: 'renderer',
    filesOnly: true,
    runtime: 'renderer',
    may: [...consoleTypes, 'renderer'],
    packages: ['react', 'react-dom', 'zod'],
  },
  {
    folder: 'build',
    runtime: 'tools',
    may: ['cluster/api', 'cluster/base', 'renderer/i18n'],
    packages: ['*'],
  },
  {
    folder: '.',
    filesOnly: true,
    runtime: 'tools',
    may: ['build/electron-binary.js'],
    packages: ['*'],
  },
];

/**
 * A test may import whatever its own folder may, and beyond that these folders, Node and the test libraries:
 * it builds its subject from real parts. No test imports `cluster/bin` but its own: programs are started, not imported.
 */
export const testsMay = {
  cluster: ['cluster', 'build/make.js'],
  electron: ['electron', 'cluster', 'build/make.js', 'build/electron-binary.js'],
  renderer: ['renderer', 'cluster', 'build/make.js'],
  build: ['build'],
};
export const testPackages = [
  'vitest',
  'fast-check',
  '@testing-library/react',
  '@testing-library/dom',
  'axe-core',
  'playwright-core',
  'vite',
  'ws',
  'zod',
];

/** Composition roots: any file directly in it is a program, and nobody else imports it. */
export const composition = 'cluster/bin';

/** Where execution begins, beside the programs and the tests. */
export const entries = [
  'renderer/main.tsx',
  'electron/main/main.ts',
  'electron/preload/preload.ts',
  'vitest.config.ts',
  'build/build-once.ts',
  'build/make.js',
  'build/run.js',
  'build/start.js',
  'build/seeded-bugs.js',
  'build/test.js',
  'build/dist.js',
  'build/check-layers.js',
  'build/biome-layers.js',
  'build/draw-icons.js',
  'build/electron-builder.config.js',
];

/** Which files are source at all, and which of them are tests. */
export const sourceFile = /\.(ts|tsx|js)$/;
export const testFile = /\.test\.tsx?$/;
/** Parts that only tests and benchmarks use; they may import what tests may, and nothing else may import them. */
export const testPart = /(^|\/)testing\/|^cluster\/bin\/bench[-/]/;

/** @param {string} file @param {string} folder */
export const isBelow = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** @param {string} file */
const folderOf = (file) => file.slice(0, Math.max(0, file.lastIndexOf('/'))) || '.';

/** The layer a file belongs to: the longest folder that holds it. @param {string} file @returns {Layer | null} */
export function layerOf(file) {
  const holding = layers.filter((layer) =>
    layer.filesOnly ? folderOf(file) === layer.folder : isBelow(file, layer.folder),
  );
  return holding.sort((a, b) => b.folder.length - a.folder.length)[0] ?? null;
}
