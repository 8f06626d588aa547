// Broken on purpose: a pure folder uses a package.
import { z } from 'zod';

export const schema = z.string();
