/**
 * A virtual tree (WAI-ARIA tree pattern): only the rows in sight exist. One row takes the focus by
 * `aria-activedescendant`, so that it survives rows coming and going.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { classNames } from './class-names.ts';
import { useRowHeight } from './use-row-height.ts';

export interface TreeItem {
  readonly key: string;
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Null: it has nothing to open. */
  readonly expanded: boolean | null;
  readonly selected: boolean;
  readonly content: ReactNode;
}

export interface TreeViewProps {
  readonly label: string;
  readonly count: number;
  readonly itemAt: (row: number) => TreeItem | null;
  /** Row to bring into view when it changes; null when there is none. */
  readonly revealed: number | null;
  readonly onToggle: (row: number) => void;
  readonly onSelect: (row: number) => void;
  /** The row one level up; null at the root. */
  readonly parentOf: (row: number) => number | null;
  /** Tells which rows are in sight, to load them. */
  readonly onRange: (first: number, last: number) => void;
}

const pageRows = 15;

export function TreeView(props: TreeViewProps) {
  const { count, revealed, onRange } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight(1.5);
  const [cursor, setCursor] = useState(0);
  const active = Math.min(cursor, Math.max(0, count - 1));
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const visible = rows.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  const last = visible.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever rows changed, even in the same range.
  useEffect(() => onRange(first, last), [first, last, count, onRange]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is stable; only a new row to show matters.
  useEffect(() => {
    if (revealed === null) return;
    setCursor(revealed);
    rows.scrollToIndex(revealed, { align: 'auto' });
  }, [revealed]);

  function moveTo(row: number): void {
    const target = Math.min(count - 1, Math.max(0, row));
    setCursor(target);
    rows.scrollToIndex(target, { align: 'auto' });
  }

  function pressed(event: KeyboardEvent): void {
    const run = keyActions({ ...props, active, moveTo })[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  }

  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={pressed}
      className="group min-h-0 grow overflow-auto -outline-offset-2"
    >
      <div className="relative" style={{ height: rows.getTotalSize() }}>
        {visible.map(({ index, start }) => {
          const item = props.itemAt(index);
          return item === null ? null : (
            <TreeRowView
              key={item.key}
              id={`${id}-${index}`}
              item={item}
              active={index === active}
              top={start}
              height={rowHeight}
              onSelect={() => {
                setCursor(index);
                props.onSelect(index);
              }}
              onToggle={() => {
                setCursor(index);
                props.onToggle(index);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function keyActions(
  tree: TreeViewProps & { readonly active: number; readonly moveTo: (row: number) => void },
): Readonly<Record<string, () => void>> {
  const { active, moveTo, count } = tree;
  const expanded = tree.itemAt(active)?.expanded ?? null;
  return {
    ArrowDown: () => moveTo(active + 1),
    ArrowUp: () => moveTo(active - 1),
    PageDown: () => moveTo(active + pageRows),
    PageUp: () => moveTo(active - pageRows),
    Home: () => moveTo(0),
    End: () => moveTo(count - 1),
    Enter: () => tree.onSelect(active),
    ' ': () => tree.onSelect(active),
    ArrowRight: () => {
      if (expanded === false) tree.onToggle(active);
      else if (expanded === true) moveTo(active + 1);
    },
    ArrowLeft: () => {
      if (expanded === true) tree.onToggle(active);
      else moveTo(tree.parentOf(active) ?? active);
    },
  };
}

function TreeRowView(props: {
  readonly id: string;
  readonly item: TreeItem;
  readonly active: boolean;
  readonly top: number;
  readonly height: number;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
}) {
  const { item } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree itself has the focus and names its active row.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all its rows.
    <div
      id={props.id}
      role="treeitem"
      aria-level={item.level}
      aria-posinset={item.position}
      aria-setsize={item.siblings}
      aria-selected={item.selected}
      {...(item.expanded === null ? {} : { 'aria-expanded': item.expanded })}
      onClick={props.onSelect}
      className={classNames(
        'absolute inset-x-0 flex cursor-pointer items-center gap-1 pr-2',
        item.selected ? 'bg-accent-soft' : 'hover:bg-hover',
        props.active &&
          'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-accent',
      )}
      style={{ top: props.top, height: props.height, paddingLeft: `${(item.level - 1) * 0.875 + 0.25}rem` }}
    >
      {item.expanded === null ? (
        <span className="w-5 shrink-0" />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys do the same on the row.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys do the same on the row.
        <span
          className="flex size-5 shrink-0 items-center justify-center rounded text-ink-3 hover:bg-sunken hover:text-ink"
          onClick={(event) => {
            event.stopPropagation();
            props.onToggle();
          }}
        >
          <ChevronRight size="0.875rem" className={item.expanded ? 'rotate-90' : ''} aria-hidden />
        </span>
      )}
      {item.content}
    </div>
  );
}
