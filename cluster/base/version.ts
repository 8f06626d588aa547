/** The version of Muster, the same as in `package.json`: the pure layers cannot read files. */
export const musterVersion = '0.1.0';
