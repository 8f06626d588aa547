// Broken on purpose: a program is imported.
import { name } from '../bin/program.ts';

export const borrowed = name;
