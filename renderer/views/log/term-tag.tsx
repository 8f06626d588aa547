/** A term: its number on its colour. Eight colours in turn, so that neighbours differ. */
import { useTranslate } from '../../i18n/language-context.tsx';

const colours = 8;

export function TermTag({ term }: { readonly term: number }) {
  const t = useTranslate();
  const colour = `var(--term-${term % colours})`;
  return (
    <span
      className="inline-flex h-4 shrink-0 items-center rounded-sm border-l-3 px-1 font-mono text-2xs font-medium text-ink"
      style={{ borderLeftColor: colour, background: `color-mix(in srgb, ${colour} 20%, var(--surface))` }}
    >
      {t('log.termShort', { term: String(term) })}
    </span>
  );
}
