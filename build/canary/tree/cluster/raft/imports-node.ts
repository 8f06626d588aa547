// Broken on purpose: a pure folder reads the disk.
import { readFileSync } from 'node:fs';

export const text = readFileSync('/etc/hostname', 'utf8');
