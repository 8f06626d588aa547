/** Starts the console in the browser or the desktop window. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { socketPath } from '../cluster/api/messages.ts';
import { openConsole } from './bridge/console.ts';
import { storedPreferences, systemTheme, takeToken } from './bridge/page.ts';
import { browserSurroundings } from './bridge/surroundings.ts';
import { preferredLanguage } from './i18n/language.ts';
import { initialPreferences, parsePreferences } from './store/preferences.ts';
import { initialState } from './store/state.ts';
import { createStore } from './store/store.ts';
import './theme/theme.css';
import { App } from './views/app.tsx';

// The page's security policy forbids code made at run time, which zod would otherwise try.
z.config({ jitless: true });

const token = takeToken();
const defaults = initialPreferences(preferredLanguage(navigator.languages), systemTheme());
const chosen = { ...defaults.chosen, ...parsePreferences(storedPreferences()) };
const store = createStore(initialState({ ...defaults, chosen }, Date.now()));
const { operations } = openConsole({
  store,
  token,
  surroundings: browserSurroundings(`ws://${location.host}${socketPath}`),
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App store={store} operations={operations} />
  </StrictMode>,
);
