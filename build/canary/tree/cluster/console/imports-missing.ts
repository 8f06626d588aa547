// Broken on purpose: there is no such file.
export * from './missing.ts';
