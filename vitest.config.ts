// One Vitest project per kind of test; the kind is in the file name (CONTRIBUTING.md). Groups run one after the
// other, so that what starts processes has the machine to itself.
import { defineConfig } from 'vitest/config';
import { findElectron, ownSurroundings } from './build/electron-binary.js';

const built = ['build/build-once.ts'];
// A tree copied into .cache (the seeded bugs) holds the same tests once more.
const never = ['**/node_modules/**', 'build/canary/**', '**/.cache/**'];
/** The shell can only be driven where Electron can run; build/test.js says so where it cannot. */
const withoutElectron =
  findElectron(ownSurroundings(import.meta.dirname)).kind === 'found' ? [] : ['electron/*.browser.test.ts'];
const special = ['**/*.{process,foreign,browser}.test.ts', 'renderer/**/*.test.tsx'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{cluster,build,electron,renderer}/**/*.test.ts'],
          exclude: [...never, ...special],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['renderer/**/*.test.tsx'],
          exclude: never,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'process',
          include: ['**/*.process.test.ts'],
          exclude: never,
          globalSetup: built,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'foreign',
          include: ['**/*.foreign.test.ts'],
          exclude: never,
          globalSetup: built,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['**/*.browser.test.ts'],
          exclude: [...never, ...withoutElectron],
          globalSetup: built,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
