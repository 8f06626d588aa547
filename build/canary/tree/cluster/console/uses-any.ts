// Broken on purpose: a type that checks nothing.
export const anything: any = 1;
