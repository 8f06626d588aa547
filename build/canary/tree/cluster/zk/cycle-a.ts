// Broken on purpose: half of a circle.
import { b } from './cycle-b.ts';

export const a = (): number => b();
