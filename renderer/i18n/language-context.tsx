/** The language of the screen, handed to every component below. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Language, languageTags } from './language.ts';
import { createTranslate, type Translate } from './translate.ts';

interface LanguageContextValue {
  readonly language: Language;
  /** BCP 47, for Intl. */
  readonly tag: string;
  readonly t: Translate;
}

const LanguageContext = createContext<LanguageContextValue | null>(null);

/** Gives the components below their language; changing it changes every word on the screen. */
export function LanguageProvider(props: { readonly language: Language; readonly children: ReactNode }) {
  const { language } = props;
  const value = useMemo(
    () => ({ language, tag: languageTags[language], t: createTranslate(language) }),
    [language],
  );
  return <LanguageContext value={value}>{props.children}</LanguageContext>;
}

function useLanguageContext(): LanguageContextValue {
  const value = useContext(LanguageContext);
  if (value === null) throw new Error('no LanguageProvider above this component');
  return value;
}

/** The messages of the current language. */
export function useTranslate(): Translate {
  return useLanguageContext().t;
}

/** BCP 47 tag of the current language, for Intl. */
export function useLanguageTag(): string {
  return useLanguageContext().tag;
}
