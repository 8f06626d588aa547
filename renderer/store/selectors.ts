/** Derived reads. Each returns a stored reference or a primitive, so that an unchanged part redraws nothing. */
import type { EnsembleView, MemberView } from '../../cluster/api/ensemble.ts';
import type { AppState } from './state.ts';

const noMembers: readonly MemberView[] = [];

export const selectNow = (state: AppState): number => state.nowMs;
export const selectConnection = (state: AppState) => state.connection;
export const selectRoute = (state: AppState) => state.route;
export const selectPreferences = (state: AppState) => state.preferences.chosen;
export const selectEnsemble = (state: AppState): EnsembleView | null => state.ensemble.view;
export const selectMembers = (state: AppState): readonly MemberView[] =>
  state.ensemble.view?.members ?? noMembers;

/** Whether what is shown is current: connected, and something was seen since. */
export const selectIsLive = (state: AppState): boolean => state.connection.kind === 'connected';

/** The theme to draw with. */
export const selectTheme = (state: AppState): 'light' | 'dark' => {
  const { chosen, systemTheme } = state.preferences;
  return chosen.theme === 'system' ? systemTheme : chosen.theme;
};

/** Pairs of members whose link is cut in at least one direction. */
export function cutPairs(members: readonly MemberView[]): number {
  const pairs = [...cutLinks(members)].map((link) => link.split('>').sort().join());
  return new Set(pairs).size;
}

/** Directed links that are cut, each once, as `from>to`. */
export function cutLinks(members: readonly MemberView[]): ReadonlySet<string> {
  const cut = new Set<string>();
  for (const { id, blocked } of members) {
    for (const to of blocked.to) cut.add(`${id}>${to}`);
    for (const from of blocked.from) cut.add(`${from}>${id}`);
  }
  return cut;
}
