// Broken on purpose: a pure folder throws dice that no seed replays.
export const dice = Math.random();
