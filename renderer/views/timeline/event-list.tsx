/** The events in sight; stays at the newest unless one has scrolled away from it. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useRowHeight } from '../../ui/use-row-height.ts';
import { EventLine } from './event-line.tsx';

/** Closer to the end than this counts as at the end. */
const endPixels = 8;

export function EventList({ events }: { readonly events: readonly TimelineEvent[] }) {
  const t = useTranslate();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight(1.5);
  const [atEnd, setAtEnd] = useState(true);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => events[index]?.sequence ?? index,
    overscan: 6,
  });
  const newest = events.at(-1)?.sequence;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new event is what moves the list.
  useEffect(() => {
    if (atEnd) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [atEnd, newest]);

  return (
    <div className="relative min-h-0 grow">
      <div
        ref={scroller}
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-live="off"
        aria-label={t('timeline.title')}
        className="h-full overflow-auto px-3 pb-1 -outline-offset-2"
        onScroll={({ currentTarget: list }) =>
          setAtEnd(list.scrollHeight - list.scrollTop - list.clientHeight < endPixels)
        }
      >
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const event = events[index];
            return event === undefined ? null : (
              <div key={key} className="absolute inset-x-0" style={{ top: start }}>
                <EventLine event={event} />
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button
          className="absolute right-4 bottom-2 shadow-overlay"
          icon={<ArrowDownToLine size="0.875rem" aria-hidden />}
          onClick={() => setAtEnd(true)}
        >
          {t('timeline.toNewest')}
        </Button>
      )}
    </div>
  );
}
