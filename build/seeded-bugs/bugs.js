// All seeded bugs.
import { elections } from './elections.js';
import { membership } from './membership.js';
import { replication } from './replication.js';
import { service } from './service.js';
import { snapshots } from './snapshots.js';
import { storage } from './storage.js';

/** @type {readonly import('./mutation.js').SeededBug[]} */
export const seededBugs = [...elections, ...replication, ...membership, ...storage, ...snapshots, ...service];
