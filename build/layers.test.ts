// The layer table against what is derived from it by hand or by tool, so that they cannot drift.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { biomeOverrides } from './biome-layers.js';
import { composition, entries, layerOf, layers, type Runtime } from './layers.js';
import { repositoryRoot } from './make.js';

const read = (path: string) => JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'));
const foldersOf = (runtime: Runtime) =>
  layers.filter((layer) => layer.runtime === runtime).map(({ folder }) => `../${folder}`);

describe('the layer table', () => {
  it('claims each folder once', () => {
    const folders = layers.map(({ folder }) => folder);
    expect(folders).toEqual([...new Set(folders)]);
  });

  it('lets a pure folder import pure folders only', () => {
    const targets = layers.filter(({ runtime }) => runtime === 'pure').flatMap(({ may }) => may);
    expect(targets.filter((target) => layerOf(`${target}/x.ts`)?.runtime !== 'pure')).toEqual([]);
  });

  it('lets nobody import a program', () => {
    expect(layers.filter(({ may }) => may.includes(composition))).toEqual([]);
  });

  it('has no circle of folders', () => {
    const clusterLayers = layers.filter(({ folder }) => folder.startsWith('cluster/'));
    const order = clusterLayers.map(({ folder }) => folder);
    const upward = clusterLayers.flatMap(({ folder, may }) =>
      may.filter((target) => order.indexOf(target) > order.indexOf(folder)).map((target) => [folder, target]),
    );
    expect(upward).toEqual([]);
  });

  it('gives the longest folder that holds a file, and none to strangers', () => {
    expect(layerOf('renderer/ui/button.tsx')?.folder).toBe('renderer/ui');
    expect(layerOf('renderer/main.tsx')?.folder).toBe('renderer');
    expect(layerOf('renderer/elsewhere/x.ts')).toBeNull();
    expect(layerOf('cluster/stray.ts')).toBeNull();
  });

  it('names entries that exist', () => {
    expect(entries.filter((entry) => !existsSync(join(repositoryRoot, entry)))).toEqual([]);
  });
});

describe('what is derived from the table', () => {
  it('is the overrides of biome.json (node build/biome-layers.js writes them)', () => {
    expect(read('biome.json').overrides).toEqual(biomeOverrides());
  });

  it.each([['pure'], ['node']] as const)('is the folders of tsconfig.%s.json', (runtime) => {
    expect(read(`build/tsconfig.${runtime}.json`).include.toSorted()).toEqual(foldersOf(runtime).toSorted());
  });

  it('is the types a runtime knows', () => {
    const types = (runtime: Runtime) => read(`build/tsconfig.${runtime}.json`).compilerOptions.types;
    expect({ pure: types('pure'), node: types('node'), renderer: types('renderer') }).toEqual({
      pure: [],
      node: ['node'],
      renderer: ['vite/client'],
    });
  });
});
