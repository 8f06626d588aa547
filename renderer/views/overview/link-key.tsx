/** What the lines of the picture mean. */

import { useTranslate } from '../../i18n/language-context.tsx';
import type { LabelKey } from '../../i18n/translate.ts';

interface Sample {
  readonly label: LabelKey;
  readonly stroke: string;
  readonly width: number;
  readonly dash?: string;
}

const samples: readonly Sample[] = [
  { label: 'overview.legend.leader', stroke: 'var(--accent)', width: 2.25 },
  { label: 'overview.legend.live', stroke: 'var(--line-strong)', width: 1.25 },
  { label: 'overview.legend.idle', stroke: 'var(--line-strong)', width: 1.25, dash: '5 4' },
  { label: 'overview.legend.cut', stroke: 'var(--bad)', width: 1.75, dash: '5 4' },
  { label: 'overview.legend.unknown', stroke: 'var(--line-strong)', width: 2, dash: '0.1 5' },
];

export function LinkKey() {
  const t = useTranslate();
  return (
    <ul
      aria-label={t('overview.legend.label')}
      className="flex shrink-0 flex-wrap gap-x-4 px-3 py-2 text-xs text-ink-3"
    >
      {samples.map(({ label, stroke, width, dash }) => (
        <li key={label} className="flex items-center gap-1.5">
          <svg width="22" height="8" aria-hidden>
            <line
              x1="1"
              x2="21"
              y1="4"
              y2="4"
              stroke={stroke}
              strokeWidth={width}
              strokeDasharray={dash}
              strokeLinecap="round"
            />
          </svg>
          {t(label)}
        </li>
      ))}
    </ul>
  );
}
