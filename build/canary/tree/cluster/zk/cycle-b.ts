// Broken on purpose: the other half.
import { a } from './cycle-a.ts';

export const b = (): number => a();
