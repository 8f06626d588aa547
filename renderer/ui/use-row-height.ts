/** Heights of virtual rows follow the size of the type, which follows the screen. */
import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  addEventListener('resize', listener);
  return () => removeEventListener('resize', listener);
}

function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** A length in rem as whole CSS pixels. */
export function useRowHeight(rem: number): number {
  return Math.round(useSyncExternalStore(subscribe, remPixels) * rem);
}
