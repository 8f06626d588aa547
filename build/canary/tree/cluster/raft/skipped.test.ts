// Broken on purpose: a test that never runs.
import { it } from 'vitest';

it.skip('never runs', () => undefined);
