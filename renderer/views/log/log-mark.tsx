/** How far an entry got on a member: a full, a half or an empty dot. */
import { useTranslate } from '../../i18n/language-context.tsx';
import type { LogMark } from './log-rows.ts';

const looks = {
  applied: { className: 'border-ok bg-ok', label: 'log.applied' },
  committed: {
    className: 'border-ok bg-[linear-gradient(90deg,var(--ok)_50%,transparent_50%)]',
    label: 'log.committed',
  },
  uncommitted: { className: 'border-warn', label: 'log.uncommitted' },
} as const satisfies Record<LogMark, unknown>;

export function LogMarkDot({ mark }: { readonly mark: LogMark }) {
  const t = useTranslate();
  const { className, label } = looks[mark];
  return (
    <span
      title={t(label)}
      className={`inline-block size-2.5 shrink-0 rounded-full border-[1.5px] ${className}`}
    >
      <span className="sr-only">{t(label)}</span>
    </span>
  );
}

export function LogMarkKey() {
  const t = useTranslate();
  return (
    <ul aria-label={t('log.key')} className="ml-auto flex gap-3 text-xs text-ink-3">
      {(['applied', 'committed', 'uncommitted'] as const).map((mark) => (
        <li key={mark} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className={`inline-block size-2.5 rounded-full border-[1.5px] ${looks[mark].className}`}
          />
          {t(looks[mark].label)}
        </li>
      ))}
    </ul>
  );
}
