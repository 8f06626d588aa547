// Broken on purpose: the console counts on Node.
export const bytes = Buffer.from('x');
