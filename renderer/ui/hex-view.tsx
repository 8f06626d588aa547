/** Every byte of a value: offset, hexadecimal, ASCII; only the rows in sight are drawn. */

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { hexRow, hexRowBytes } from '../format/bytes.ts';
import { ScrollRegion } from './scroll-region.tsx';
import { useRowHeight } from './use-row-height.ts';

export function HexView(props: { readonly label: string; readonly bytes: Uint8Array }) {
  const scroller = useRef<HTMLElement>(null);
  const rowHeight = useRowHeight(1.25);
  const rows = useVirtualizer({
    count: Math.ceil(props.bytes.length / hexRowBytes),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  return (
    <ScrollRegion ref={scroller} label={props.label} className="min-h-0 grow overflow-auto font-mono text-xs">
      <div className="relative w-full" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const row = hexRow(props.bytes, index);
          return (
            <div
              key={index}
              className="absolute left-0 flex gap-4 px-3 whitespace-pre"
              style={{ top: start, height: rowHeight }}
            >
              <span className="text-ink-3 select-none">{row.offset}</span>
              <span>{row.hex}</span>
              <span className="text-ink-2">{row.ascii}</span>
            </div>
          );
        })}
      </div>
    </ScrollRegion>
  );
}
