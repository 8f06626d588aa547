// A program for the others to import.
export const name = 'program';
