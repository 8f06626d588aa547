// Broken on purpose: no layer holds this folder.
export const homeless = true;
