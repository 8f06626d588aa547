/** Shown instead of the console when the address does not let it in: why, and how to get the right one. */
import { KeyRound } from 'lucide-react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { AppearanceMenu } from './appearance-menu.tsx';

export function AccessPage(props: { readonly why: 'tokenMissing' | 'refused' }) {
  const t = useTranslate();
  const missing = props.why === 'tokenMissing';
  return (
    <main className="flex h-dvh items-center justify-center p-8">
      <div className="absolute top-3 right-3">
        <AppearanceMenu />
      </div>
      <div className="w-[min(34rem,100%)] rounded-xl border border-line bg-surface p-8">
        <KeyRound size="1.5rem" className="text-accent" aria-hidden />
        <h1 className="mt-4 text-lg font-semibold">
          {missing ? t('access.missing.title') : t('access.refused.title')}
        </h1>
        <p className="mt-2 text-ink-2">{missing ? t('access.missing.what') : t('access.refused.what')}</p>
        <p className="mt-4">{t('access.how')}</p>
        <pre className="mt-2 rounded-md bg-sunken px-3 py-2 font-mono text-xs">
          npm run -s muster -- status
        </pre>
        <p className="mt-4 text-ink-2">{t('access.then')}</p>
      </div>
    </main>
  );
}
