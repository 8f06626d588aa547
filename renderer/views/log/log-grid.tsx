// biome-ignore-all lint/a11y/useSemanticElements: table elements cannot be placed one by one, so a virtual grid says its roles.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active row.
/** The virtual grid: a row per index, a column per member. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { chunkSize } from '../../store/log.ts';
import { selectMembers } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { useRowHeight } from '../../ui/use-row-height.ts';
import { useOperations } from '../operations-context.tsx';
import { LogHeader } from './log-header.tsx';
import { LogRow } from './log-row.tsx';
import type { LogRange } from './log-rows.ts';

const pageRows = 15;
/** Closer to the end than this counts as at the end. */
const endPixels = 8;

export function LogGrid({ range, selected }: { readonly range: LogRange; readonly selected: number | null }) {
  const t = useTranslate();
  const { tell, go, replace } = useOperations();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const members = useSelect(selectMembers);
  const following = useSelect((state) => state.log.following);
  const rowHeight = useRowHeight(1.625);
  const headerHeight = useRowHeight(3.5);
  const rows = useVirtualizer({
    count: range.to - range.from + 1,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    overscan: 10,
  });
  const visible = rows.getVirtualItems();
  useLoading(range.from + (visible[0]?.index ?? 0), range.from + (visible.at(-1)?.index ?? 0));

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new entry is what moves the grid.
  useEffect(() => {
    if (following) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [following, range.to]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice moves the grid, not new entries.
  useEffect(() => {
    if (selected !== null)
      rows.scrollToIndex(selected - range.from, { align: isNear(selected) ? 'auto' : 'center' });
  }, [selected]);

  /** A step from what is in sight scrolls by a row; a jump from elsewhere lands in the middle. */
  function isNear(index: number): boolean {
    return visible.some((row) => row.index === index - range.from);
  }

  function pressed(event: KeyboardEvent): void {
    const index = targetOf(event.key, range, selected);
    if (index === null) return;
    event.preventDefault();
    replace({ screen: 'log', index, member: null });
  }

  const columns = `5.5rem repeat(${members.length}, minmax(12rem, 1fr))`;
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={t('log.grid')}
      aria-rowcount={range.to}
      aria-activedescendant={selected === null ? undefined : `${id}-${selected}`}
      onKeyDown={pressed}
      onScroll={({ currentTarget: grid }) => {
        const atEnd = grid.scrollHeight - grid.scrollTop - grid.clientHeight < endPixels;
        if (following && !atEnd) tell({ kind: 'log.followed', following: false });
      }}
      className="min-w-0 grow overflow-auto -outline-offset-2"
    >
      <div className="w-full min-w-max" style={{ height: rows.getTotalSize() + headerHeight }}>
        <LogHeader columns={columns} height={headerHeight} />
        <div className="relative" role="rowgroup">
          {visible.map(({ index, start }) => (
            <LogRow
              key={range.from + index}
              id={`${id}-${range.from + index}`}
              index={range.from + index}
              columns={columns}
              top={start - headerHeight}
              height={rowHeight}
              selected={range.from + index === selected}
              onSelect={() => go({ screen: 'log', index: range.from + index, member: null })}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: pageRows,
  PageUp: -pageRows,
};

/** The index that a key leads to; null when it leads nowhere. */
function targetOf(key: string, range: LogRange, selected: number | null): number | null {
  if (key === 'Home') return range.from;
  if (key === 'End') return range.to;
  const step = steps[key];
  if (step === undefined) return null;
  return Math.min(range.to, Math.max(range.from, (selected ?? range.to + 1) + step));
}

/** Asks for what is in sight and was not read. */
function useLoading(first: number, last: number): void {
  const { loadLog } = useOperations();
  const log = useSelect((state) => state.log);
  useEffect(() => {
    for (const member of log.members.keys()) {
      for (let chunk = Math.floor(first / chunkSize); chunk <= Math.floor(last / chunkSize); chunk += 1) {
        loadLog(member, chunk);
      }
    }
  }, [log, first, last, loadLog]);
}
