// Broken on purpose: a forbidden import hidden in a type.
export type Borrowed = typeof import('../wal/segment.ts').segment;
