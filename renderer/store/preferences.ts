/** What the operator chose and the browser remembers. */
import { type Language, languages } from '../i18n/language.ts';
import type { Action } from './action.ts';
import {
  type PreferenceChange,
  type Preferences,
  themeChoices,
  timelineHeightMax,
  timelineHeightMin,
} from './preference.ts';

/** The theme to draw with: the chosen one, or the system's. */
export interface PreferencesState {
  readonly chosen: Preferences;
  readonly systemTheme: 'light' | 'dark';
}

export function initialPreferences(
  language: Language,
  systemTheme: PreferencesState['systemTheme'],
): PreferencesState {
  return { chosen: { theme: 'system', language, timelineOpen: true, timelineHeight: 132 }, systemTheme };
}

export function reducePreferences(state: PreferencesState, action: Action): PreferencesState {
  switch (action.kind) {
    case 'preference.changed':
      return { ...state, chosen: { ...state.chosen, ...action.change } };
    case 'systemTheme.changed':
      return { ...state, systemTheme: action.theme };
    default:
      return state;
  }
}

/** Remembered preferences as far as they can be understood; anything else is left to the defaults. */
export function parsePreferences(text: string | null): PreferenceChange {
  const stored = parseObject(text);
  const theme = themeChoices.find((choice) => choice === stored['theme']);
  const language = languages.find((choice) => choice === stored['language']);
  const height = stored['timelineHeight'];
  return {
    ...(theme === undefined ? {} : { theme }),
    ...(language === undefined ? {} : { language }),
    ...(typeof stored['timelineOpen'] === 'boolean' ? { timelineOpen: stored['timelineOpen'] } : {}),
    ...(typeof height === 'number' ? { timelineHeight: boundedTimelineHeight(height) } : {}),
  };
}

/** A height within the bounds of the timeline. */
export function boundedTimelineHeight(height: number): number {
  return Math.round(Math.min(timelineHeightMax, Math.max(timelineHeightMin, height)));
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Damaged storage: the defaults hold.
    return {};
  }
}
