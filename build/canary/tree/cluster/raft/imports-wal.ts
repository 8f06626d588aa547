// Broken on purpose: consensus reaches into the log on disk.
import { segment } from '../wal/segment.ts';

export const borrowed = segment;
