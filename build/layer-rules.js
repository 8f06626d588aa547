// Judges a module graph by the layer table: what is imported, from where, in circles, or never.
import {
  composition,
  entries,
  isBelow,
  layerOf,
  testFile,
  testPackages,
  testPart,
  testsMay,
} from './layers.js';

/** @typedef {import('./module-graph.js').ModuleGraph} ModuleGraph */
/** @typedef {import('./module-graph.js').Target} Target */
/** @typedef {import('./layers.js').Layer} Layer */

/** @param {string} file */
const isTestCode = (file) => testFile.test(file) || testPart.test(file);

/** @param {string} file @returns {readonly string[]} what a test may import beyond its layer */
function extraForTest(file) {
  if (!isTestCode(file)) return [];
  const top = file.split('/')[0] ?? '';
  return top in testsMay ? testsMay[/** @type {keyof typeof testsMay} */ (top)] : [];
}

/** @param {string} importer @param {Layer} layer @param {string} imported @returns {string | null} */
function judgeFile(importer, layer, imported) {
  if (testPart.test(imported) && !isTestCode(importer)) return `imports ${imported}, which is for tests only`;
  if (layerOf(imported) === layer) return null;
  if (isBelow(imported, composition)) return `imports ${imported}, but nobody imports a composition root`;
  const allowed = [...layer.may, ...extraForTest(importer)];
  return allowed.some((folder) => isBelow(imported, folder))
    ? null
    : `imports ${imported}, but ${layer.folder} may not import ${layerOf(imported)?.folder ?? 'it'}`;
}

/** @param {string} importer @param {Layer} layer @param {string} name @returns {string | null} */
function judgePackage(importer, layer, name) {
  const allowed = [...layer.packages, ...(isTestCode(importer) ? testPackages : [])];
  return allowed.includes('*') || allowed.includes(name)
    ? null
    : `imports the package ${name}, but ${layer.folder} may not`;
}

/** @param {string} importer @param {Layer} layer @param {string} name @returns {string | null} */
function judgeBuiltin(importer, layer, name) {
  if (!name.startsWith('node:')) return `imports ${name} without its node: prefix`;
  const hasNode = layer.runtime !== 'pure' && layer.runtime !== 'renderer';
  return hasNode || isTestCode(importer) ? null : `imports ${name}, but ${layer.folder} knows no Node API`;
}

/** @param {string} importer @param {Layer} layer @param {Target} target @returns {string | null} */
function judge(importer, layer, target) {
  switch (target.kind) {
    case 'file':
      return target.exists
        ? judgeFile(importer, layer, target.file)
        : `imports ${target.file}, which does not exist`;
    case 'package':
      return judgePackage(importer, layer, target.name);
    case 'builtin':
      return judgeBuiltin(importer, layer, target.name);
  }
}

/** @param {ModuleGraph} graph @returns {string[]} imports the table forbids, and files it does not know */
export function forbiddenImports(graph) {
  return [...graph].flatMap(([file, targets]) => {
    const layer = layerOf(file);
    if (layer === null) return [`${file} belongs to no layer of build/layers.js`];
    return targets.flatMap((target) => {
      const fault = judge(file, layer, target);
      return fault === null ? [] : [`${file} ${fault}`];
    });
  });
}

/** @param {ModuleGraph} graph @param {string} file @returns {string[]} the source files it imports */
const importedFiles = (graph, file) =>
  (graph.get(file) ?? []).flatMap((target) =>
    target.kind === 'file' && graph.has(target.file) ? [target.file] : [],
  );

/** @param {ModuleGraph} graph @returns {string[]} one line for every import that closes a circle */
export function importCycles(graph) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const found = [];
  /** @param {string} file @param {readonly string[]} path */
  const visit = (file, path) => {
    const at = path.indexOf(file);
    if (at !== -1) found.push(`import cycle: ${[...path.slice(at), file].join(' → ')}`);
    if (at !== -1 || done.has(file)) return;
    for (const next of importedFiles(graph, file)) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

/** @param {string} file */
const isProgram = (file) => isBelow(file, composition) && file.split('/').length === 3;

/** @param {ModuleGraph} graph @returns {string[]} files that neither a program nor a test reaches */
export function orphans(graph) {
  const queue = [...graph.keys()].filter(
    (file) => entries.includes(file) || isProgram(file) || testFile.test(file),
  );
  const reached = new Set(queue);
  for (let file = queue.pop(); file !== undefined; file = queue.pop())
    for (const next of importedFiles(graph, file))
      if (!reached.has(next)) {
        reached.add(next);
        queue.push(next);
      }
  return [...graph.keys()]
    .filter((file) => !reached.has(file))
    .map((file) => `${file} is reached by no program and no test`);
}

/** @param {ModuleGraph} graph @returns {string[]} every violation, one line each */
export function layerViolations(graph) {
  if (graph.size === 0) throw new Error('no source file was read');
  return [...forbiddenImports(graph), ...importCycles(graph), ...orphans(graph)];
}
