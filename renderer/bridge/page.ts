/** The browser's page: address, document, storage, keyboard and preferences of the system. */
import { Scope, type Stop } from '../../cluster/base/scope.ts';
import { languageTags } from '../i18n/language.ts';
import type { PreferenceChange } from '../store/preference.ts';
import { parseRoute, type Route, routeHash } from '../store/route.ts';
import { selectTheme } from '../store/selectors.ts';
import type { Store } from '../store/store.ts';
import { followKeys } from './keyboard.ts';

const preferencesKey = 'muster.preferences';
const tokenKey = 'muster.token';

/**
 * The token of the run. It arrives in the fragment, which no server ever sees; it is moved from
 * there into this tab's own storage, so that the address can be shown and the page reloaded.
 */
export function takeToken(): string | null {
  const arrived = tokenIn(location.hash);
  if (arrived === null) return sessionStorage.getItem(tokenKey);
  sessionStorage.setItem(tokenKey, arrived);
  history.replaceState(null, '', routeHash(parseRoute('')));
  return arrived;
}

/** The preferences that this browser remembers, as text. */
export function storedPreferences(): string | null {
  return localStorage.getItem(preferencesKey);
}

/** The theme that the system asks for. */
export function systemTheme(): 'light' | 'dark' {
  return darkQuery().matches ? 'dark' : 'light';
}

/** Goes to another screen; the address, and with it the browser's history, leads. */
export function goTo(route: Route): void {
  location.hash = routeHash(route);
}

/** The same without a step in the browser's history. */
export function replaceRoute(route: Route): void {
  location.replace(routeHash(route));
}

/** Keeps the store informed of the page, and the page like the store. */
export function followPage(store: Store, prefer: (change: PreferenceChange) => void): Stop {
  const scope = new Scope();
  const readRoute = () => {
    // An address with a token was opened in this very tab: it is another run, or another try.
    if (tokenIn(location.hash) !== null) location.reload();
    else store.dispatch({ kind: 'route.changed', route: parseRoute(location.hash) });
  };
  addEventListener('hashchange', readRoute);
  scope.add(() => removeEventListener('hashchange', readRoute));
  readRoute();

  const readSystemTheme = () => store.dispatch({ kind: 'systemTheme.changed', theme: systemTheme() });
  const query = darkQuery();
  query.addEventListener('change', readSystemTheme);
  scope.add(() => query.removeEventListener('change', readSystemTheme));

  scope.add(followKeys(store, { go: goTo, prefer }));
  scope.add(store.subscribe(() => dress(store)));
  dress(store);
  return () => void scope.close();
}

/** Remembers the preferences; a browser that stores nothing merely forgets them. */
export function rememberPreferences(store: Store): void {
  localStorage.setItem(preferencesKey, JSON.stringify(store.getState().preferences.chosen));
}

function dress(store: Store): void {
  const state = store.getState();
  const root = document.documentElement;
  root.dataset['theme'] = selectTheme(state);
  root.lang = languageTags[state.preferences.chosen.language];
}

function tokenIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token');
}

function darkQuery(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}
