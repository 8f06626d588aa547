// Reads every source file with a real parser and says who imports whom.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';
import { sourceFile } from './layers.js';

/**
 * @typedef {{ readonly kind: 'file', readonly file: string, readonly exists: boolean }} FileTarget
 * @typedef {FileTarget | { readonly kind: 'package' | 'builtin', readonly name: string }} Target
 * @typedef {ReadonlyMap<string, readonly Target[]>} ModuleGraph imports of each file, as paths from the root
 */

/** @param {unknown} node @param {(name: string) => void} found visits `import('x')` as a type and as an expression */
function visitDynamicImports(node, found) {
  if (Array.isArray(node)) {
    for (const item of node) visitDynamicImports(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, source } = /** @type {{ type?: string, source?: { value?: unknown } | null }} */ (node);
  if ((type === 'TSImportType' || type === 'ImportExpression') && typeof source?.value === 'string')
    found(source.value);
  for (const value of Object.values(node)) visitDynamicImports(value, found);
}

/** The module names a file imports, statically, dynamically or as a type. @param {string} file @param {string} text */
export function importsIn(file, text) {
  const { module, program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file} cannot be parsed: ${error.message}`);
  const names = new Set(module.staticImports.map((statement) => statement.moduleRequest.value));
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries) if (moduleRequest) names.add(moduleRequest.value);
  if (text.includes('import(')) visitDynamicImports(program.body, (name) => names.add(name));
  return [...names];
}

/** @param {string} name `@scope/package/path` or `package/path` */
const packageName = (name) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

/** @param {{ root: string, importer: string, name: string }} options @returns {Target} */
function resolve({ root, importer, name }) {
  const [path = name] = name.split('?');
  if (path.startsWith('.')) {
    const file = posix.join(posix.dirname(importer), path);
    return { kind: 'file', file, exists: existsSync(join(root, file)) };
  }
  return isBuiltin(path) ? { kind: 'builtin', name: path } : { kind: 'package', name: packageName(path) };
}

/** @param {{ root: string, folder: string, skip: readonly string[] }} options @returns {string[]} source files below a folder */
function filesBelow({ root, folder, skip }) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (skip.includes(path)) return [];
    if (entry.isDirectory()) return filesBelow({ root, folder: path, skip });
    return sourceFile.test(path) ? [path] : [];
  });
}

/** The folders that hold source, beside the root itself. */
const sourceFolders = ['build', 'cluster', 'electron', 'renderer'];
/** Broken on purpose. */
const canaries = 'build/canary';

/** @param {string} root @returns {string[]} every source file of the repository */
export function sourceFiles(root) {
  const below = sourceFolders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesBelow({ root, folder, skip: [canaries] }));
  const atRoot = readdirSync(root).filter((name) => sourceFile.test(name));
  return [...below, ...atRoot].sort();
}

/** @param {string} root @param {readonly string[]} files @returns {ModuleGraph} */
export function readGraph(root, files = sourceFiles(root)) {
  return new Map(
    files.map((file) => [
      file,
      importsIn(file, readFileSync(join(root, file), 'utf8')).map((name) =>
        resolve({ root, importer: file, name }),
      ),
    ]),
  );
}
