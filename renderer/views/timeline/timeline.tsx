/** The timeline below every screen: what happened, one line each, newest at the end. */
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useMemo } from 'react';
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import { useLanguageTag, useTranslate } from '../../i18n/language-context.tsx';
import { timelineHeightMax, timelineHeightMin } from '../../store/preference.ts';
import { boundedTimelineHeight } from '../../store/preferences.ts';
import { selectPreferences } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { everything, passes, type TimelineFilter } from '../../store/timeline-filter.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ResizeHandle } from '../../ui/resize-handle.tsx';
import { useOperations } from '../operations-context.tsx';
import { EventLine } from './event-line.tsx';
import { EventList } from './event-list.tsx';
import { eventParticulars } from './event-particulars.ts';
import { eventSentence } from './event-words.ts';
import { TimelineFilterBar } from './timeline-filter.tsx';

export function Timeline() {
  const t = useTranslate();
  const tag = useLanguageTag();
  const { prefer } = useOperations();
  const { timelineOpen, timelineHeight } = useSelect(selectPreferences);
  const { events, filter, missed } = useSelect((state) => state.timeline);
  const shown = useMemo(() => {
    const textOf = (event: TimelineEvent) => `${eventSentence(t, event)} ${eventParticulars(t, tag, event)}`;
    return matching(events, filter, textOf);
  }, [t, tag, events, filter]);
  const latest = events.at(-1);
  return (
    <section aria-label={t('timeline.title')} className="flex shrink-0 flex-col bg-surface">
      {timelineOpen ? (
        <ResizeHandle
          label={t('timeline.resize')}
          orientation="horizontal"
          value={timelineHeight}
          min={timelineHeightMin}
          max={timelineHeightMax}
          direction={-1}
          onChange={(height) => prefer({ timelineHeight: boundedTimelineHeight(height) })}
        />
      ) : (
        <div className="h-px bg-line" />
      )}
      <header className="flex h-9 shrink-0 items-center gap-3 pr-1.5 pl-3">
        <h2 className="text-sm font-semibold">{t('timeline.title')}</h2>
        {timelineOpen ? (
          <TimelineFilterBar shown={shown.length} total={events.length} />
        ) : (
          <div className="min-w-0 grow">{latest !== undefined && <EventLine event={latest} />}</div>
        )}
        <IconButton
          label={timelineOpen ? t('timeline.hide') : t('timeline.show')}
          aria-expanded={timelineOpen}
          onClick={() => prefer({ timelineOpen: !timelineOpen })}
        >
          {timelineOpen ? <ChevronDown size="1rem" aria-hidden /> : <ChevronUp size="1rem" aria-hidden />}
        </IconButton>
      </header>
      {timelineOpen && (
        <div className="flex flex-col" style={{ height: timelineHeight }}>
          {missed > 0 && (
            <p className="px-3 pb-1 text-xs text-ink-3">{t('timeline.missed', { count: missed })}</p>
          )}
          {shown.length > 0 ? <EventList events={shown} /> : <NothingShown isEmpty={events.length === 0} />}
        </div>
      )}
    </section>
  );
}

function NothingShown({ isEmpty }: { readonly isEmpty: boolean }) {
  const t = useTranslate();
  const { tell } = useOperations();
  if (isEmpty) return <p className="px-3 py-2 text-ink-3">{t('timeline.empty')}</p>;
  return (
    <p className="flex items-center gap-3 px-3 py-2 text-ink-3">
      {t('timeline.noMatch')}
      <Button onClick={() => tell({ kind: 'timeline.filtered', filter: everything })}>
        {t('timeline.clearFilter')}
      </Button>
    </p>
  );
}

/** Text is matched as it is read, in the language of the screen. */
function matching(
  events: readonly TimelineEvent[],
  filter: TimelineFilter,
  textOf: (event: TimelineEvent) => string,
): readonly TimelineEvent[] {
  const text = filter.text.trim().toLowerCase();
  if (text === '' && filter.member === null && filter.level === 'info') return events;
  return events.filter(
    (event) => passes(filter, event) && (text === '' || textOf(event).toLowerCase().includes(text)),
  );
}
