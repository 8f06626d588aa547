// A file for the others to import.
export const segment = 1;
