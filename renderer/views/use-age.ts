/** How long ago something was, in words, as the clock goes on. */
import { useTranslate } from '../i18n/language-context.tsx';
import { selectNow } from '../store/selectors.ts';
import { useSelect } from '../store/store-context.tsx';
import { useFormats } from './use-formats.ts';

/** Words for the age of a point in time (wall milliseconds of the server); null is never. */
export function useAge(): (atMs: number | null) => string {
  const t = useTranslate();
  const { span } = useFormats();
  const nowMs = useSelect(selectNow);
  return (atMs) => {
    if (atMs === null) return t('common.never');
    return nowMs - atMs < 1_000 ? t('common.now') : t('common.ago', { age: span(nowMs - atMs) });
  };
}
