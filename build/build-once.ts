// Vitest global setup of every project that starts programs: the bundles are up to date before the first test.
import { make } from './make.js';

export default async function buildOnce(): Promise<void> {
  await make();
}
