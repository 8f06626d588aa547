// Broken on purpose: a pure folder waits.
setTimeout(() => undefined, 1);
