// Broken on purpose: a pure folder reads the clock.
export const now = new Date();
