/** One event in one line: when, how serious, what, and a link to what it is about. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import { useLanguageTag, useTranslate } from '../../i18n/language-context.tsx';
import { routeHash } from '../../store/route.ts';
import { useFormats } from '../use-formats.ts';
import { eventParticulars } from './event-particulars.ts';
import { eventRoute, eventSentence } from './event-words.ts';

const levels = {
  info: { icon: Info, color: 'text-ink-3', label: 'level.info' },
  warn: { icon: TriangleAlert, color: 'text-warn', label: 'level.warn' },
  error: { icon: CircleAlert, color: 'text-bad', label: 'level.error' },
} as const;

export function EventLine({ event }: { readonly event: TimelineEvent }) {
  const t = useTranslate();
  const tag = useLanguageTag();
  const { clock } = useFormats();
  const { icon: Icon, color, label } = levels[event.level];
  const route = eventRoute(event);
  const sentence = eventSentence(t, event);
  return (
    <div className="flex h-6 min-w-0 items-center gap-2.5 whitespace-nowrap">
      <time className="font-mono text-xs text-ink-3">{clock(event.atMs)}</time>
      <Icon size="0.875rem" className={`shrink-0 ${color}`} role="img" aria-label={t(label)} />
      {route === null ? (
        <span>{sentence}</span>
      ) : (
        <a href={routeHash(route)} className="rounded-sm underline-offset-2 hover:underline">
          {sentence}
        </a>
      )}
      <span className="min-w-0 truncate text-xs text-ink-3">{eventParticulars(t, tag, event)}</span>
    </div>
  );
}
