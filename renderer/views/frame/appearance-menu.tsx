/** Theme and language, changed at once. */
import { Languages } from 'lucide-react';
import type { Language } from '../../i18n/language.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import type { ThemeChoice } from '../../store/preference.ts';
import { selectPreferences } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Menu, MenuChoice, MenuHeading, MenuSeparator } from '../../ui/menu.tsx';
import { useOperations } from '../operations-context.tsx';

/** Each language in its own words, whatever the language of the screen. */
const languageChoices: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '简体中文' },
];

export function AppearanceMenu() {
  const t = useTranslate();
  const { theme, language } = useSelect(selectPreferences);
  const { prefer } = useOperations();
  const themes: readonly { readonly value: ThemeChoice; readonly label: string }[] = [
    { value: 'system', label: t('settings.theme.system') },
    { value: 'light', label: t('settings.theme.light') },
    { value: 'dark', label: t('settings.theme.dark') },
  ];
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('settings.label')}
          title={t('settings.label')}
          className="flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Languages size="1rem" aria-hidden />
        </button>
      }
    >
      <MenuHeading>{t('settings.theme')}</MenuHeading>
      <MenuChoice value={theme} choices={themes} onChoose={(chosen) => prefer({ theme: chosen })} />
      <MenuSeparator />
      <MenuHeading>{t('settings.language')}</MenuHeading>
      <MenuChoice
        value={language}
        choices={languageChoices}
        onChoose={(chosen) => prefer({ language: chosen })}
      />
    </Menu>
  );
}
