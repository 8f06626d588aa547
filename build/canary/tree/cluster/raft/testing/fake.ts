// A part of the tests for the others to import.
export const fake = 1;
