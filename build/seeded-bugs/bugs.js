// All seeded bugs.
import { elections } from './elections.js';
import { replication } from './replication.js';
import { service } from './service.js';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const seededBugs = [...elections, ...replication, ...service];
