/** Numbers and times in the language of the screen. */
import { useMemo } from 'react';
import { type NumberFormats, numberFormats } from '../format/numbers.ts';
import { type TimeFormats, timeFormats } from '../format/time.ts';
import { useLanguageTag } from '../i18n/language-context.tsx';

export function useFormats(): NumberFormats & TimeFormats {
  const tag = useLanguageTag();
  return useMemo(() => ({ ...numberFormats(tag), ...timeFormats(tag) }), [tag]);
}
