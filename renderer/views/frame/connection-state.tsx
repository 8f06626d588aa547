/** The console's own connection: a word in the top bar, and a line across the screen while it is gone. */
import { Cable, PlugZap, Unplug } from 'lucide-react';
import { stopwatch } from '../../format/time.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectConnection, selectEnsemble, selectNow } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Hint } from '../../ui/hint.tsx';
import { useFormats } from '../use-formats.ts';

export function ConnectionState() {
  const t = useTranslate();
  const connection = useSelect(selectConnection);
  const nowMs = useSelect(selectNow);
  switch (connection.kind) {
    case 'connected':
      return (
        <Hint
          text={`${t('connection.dataFolder')}: ${connection.dataFolder}`}
          className="flex h-7 items-center gap-1.5 rounded-md px-2 text-xs whitespace-nowrap text-ink-3"
        >
          <Cable size="0.875rem" className="text-ok" aria-hidden />
          <span className="max-lg:sr-only">{t('connection.connected')}</span>
        </Hint>
      );
    case 'reconnecting':
      return (
        <span className="flex h-7 items-center gap-1.5 px-2 text-xs font-medium whitespace-nowrap text-bad">
          <Unplug size="0.875rem" aria-hidden />
          {t('connection.reconnecting', { span: stopwatch(nowMs - connection.sinceMs) })}
        </span>
      );
    default:
      return (
        <span className="flex h-7 items-center gap-1.5 px-2 text-xs whitespace-nowrap text-ink-3">
          <PlugZap size="0.875rem" aria-hidden />
          {t('connection.connecting')}
        </span>
      );
  }
}

export function ConnectionBanner() {
  const t = useTranslate();
  const { span } = useFormats();
  const connection = useSelect(selectConnection);
  const hasView = useSelect((state) => selectEnsemble(state) !== null);
  const nowMs = useSelect(selectNow);
  if (connection.kind !== 'reconnecting') return null;
  const { closing, sinceMs, retryAtMs } = connection;
  const age = span(nowMs - sinceMs);
  const lost = hasView
    ? closing
      ? t('connection.closing', { age })
      : t('connection.stale', { age })
    : t('connection.nothing');
  return (
    <Banner tone="bad">
      {lost}{' '}
      {closing
        ? t('connection.startAgain')
        : t('connection.retryIn', { span: stopwatch(Math.max(0, retryAtMs - nowMs)) })}
    </Banner>
  );
}
