/** What can be chosen, and within which bounds. */
import type { Language } from '../i18n/language.ts';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export const timelineHeightMin = 96;
export const timelineHeightMax = 480;

export interface Preferences {
  readonly theme: ThemeChoice;
  readonly language: Language;
  readonly timelineOpen: boolean;
  /** Height of the open timeline in CSS pixels. */
  readonly timelineHeight: number;
}

export type PreferenceChange = Partial<Preferences>;
