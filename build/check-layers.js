// `npm run layers`: prints every violation of the layer table; none is a success.
import { pathToFileURL } from 'node:url';
import { layerViolations } from './layer-rules.js';
import { repositoryRoot } from './make.js';
import { readGraph } from './module-graph.js';

function main() {
  const graph = readGraph(repositoryRoot);
  const violations = layerViolations(graph);
  for (const line of violations) console.error(line);
  console.log(`layers: ${graph.size} files, ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
