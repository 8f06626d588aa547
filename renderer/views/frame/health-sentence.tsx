/** The one health sentence; its reasons, by name, are one click away. */
import { ChevronDown, CircleCheck, CircleOff, OctagonX, TriangleAlert } from 'lucide-react';
import type { Health } from '../../../cluster/api/ensemble.ts';
import { stopwatch } from '../../format/time.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { routeHash } from '../../store/route.ts';
import { selectEnsemble, selectIsLive, selectNow } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Hint } from '../../ui/hint.tsx';
import { Popover } from '../../ui/popover.tsx';
import { useAge } from '../use-age.ts';
import { healthSentence, reasonRoute, reasonSentence } from './health-words.ts';

const looks = {
  healthy: { icon: CircleCheck, colors: 'bg-ok-soft text-ok' },
  degraded: { icon: TriangleAlert, colors: 'bg-warn-soft text-warn' },
  noQuorum: { icon: OctagonX, colors: 'bg-bad-soft text-bad' },
  stopped: { icon: CircleOff, colors: 'bg-sunken text-ink-2' },
} as const;

export function HealthSentence() {
  const t = useTranslate();
  const health = useSelect((state) => selectEnsemble(state)?.health ?? null);
  const live = useSelect(selectIsLive);
  if (health === null) return <p className="text-ink-3">{t('health.unknown')}</p>;
  return (
    <div className="flex min-w-0 items-center gap-3">
      <SentenceWithReasons health={health} />
      {live && (
        <Hint
          text={t('health.toleranceHelp')}
          className="hidden items-baseline gap-1.5 whitespace-nowrap text-ink-3 xl:flex"
        >
          {t('health.tolerance')}
          <span
            className={classNames('text-md font-semibold', health.tolerance === 0 ? 'text-warn' : 'text-ink')}
          >
            {health.tolerance}
          </span>
        </Hint>
      )}
    </div>
  );
}

function SentenceWithReasons({ health }: { readonly health: Health }) {
  const t = useTranslate();
  const ageOf = useAge();
  const nowMs = useSelect(selectNow);
  const seenAtMs = useSelect((state) => state.ensemble.seenAtMs);
  const live = useSelect(selectIsLive);
  const { icon: Icon, colors } = looks[health.level];
  return (
    <Popover
      label={t('health.reasons')}
      trigger={
        <button
          type="button"
          className={classNames(
            'flex h-7 min-w-0 items-center gap-1.5 rounded-md px-2 font-medium hover:brightness-97',
            live ? colors : 'bg-sunken bg-hatched text-ink-2',
          )}
        >
          <Icon size="1rem" className="shrink-0" aria-hidden />
          <span className="truncate" aria-live="polite">
            {healthSentence(t, health, live ? nowMs : seenAtMs)}
          </span>
          {!live && (
            <span className="font-normal whitespace-nowrap">
              {t('health.asOf', { age: ageOf(seenAtMs) })}
            </span>
          )}
          <ChevronDown size="0.875rem" className="shrink-0" aria-hidden />
        </button>
      }
    >
      <p className="px-1 pb-1.5 text-xs text-ink-3">
        {t('health.since', { span: stopwatch(nowMs - health.sinceMs) })}
      </p>
      {health.reasons.length === 0 ? (
        <p className="px-1 pb-1">{t('health.noReasons')}</p>
      ) : (
        <ul className="max-h-72 overflow-y-auto">
          {health.reasons.map((reason) => (
            <li key={JSON.stringify({ ...reason, silentMs: 0, behind: 0 })}>
              <a
                href={routeHash(reasonRoute(reason))}
                className="block rounded-md px-2 py-1 text-ink underline decoration-line-strong underline-offset-2 hover:bg-hover"
              >
                {reasonSentence(t, reason)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
