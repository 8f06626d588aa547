// Broken on purpose: the product leans on a part of the tests.
import { fake } from './testing/fake.ts';

export const borrowed = fake;
