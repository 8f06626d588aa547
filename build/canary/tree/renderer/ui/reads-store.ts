// Broken on purpose: a widget knows the store.
import { store } from '../store/store.ts';

export const borrowed = store;
