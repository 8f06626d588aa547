/** A border that can be dragged, or moved with the arrow keys. */
import { useRef } from 'react';
import { classNames } from './class-names.ts';

const keyStep = 24;

export function ResizeHandle(props: {
  readonly label: string;
  /** `horizontal`: a lying bar that changes a height. */
  readonly orientation: 'horizontal' | 'vertical';
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** 1 when moving right or down makes it larger, -1 when it makes it smaller. */
  readonly direction: 1 | -1;
  readonly onChange: (value: number) => void;
}) {
  const start = useRef<{ readonly at: number; readonly value: number } | null>(null);
  const lying = props.orientation === 'horizontal';
  const change = (value: number) => props.onChange(Math.min(props.max, Math.max(props.min, value)));

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator is the ARIA pattern of a window splitter.
    <div
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={props.orientation}
      aria-valuenow={Math.round(props.value)}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      className={classNames(
        'relative z-10 shrink-0 touch-none bg-line hover:bg-accent focus-visible:bg-accent',
        lying
          ? 'h-px w-full cursor-row-resize before:absolute before:inset-x-0 before:-inset-y-1'
          : 'w-px cursor-col-resize self-stretch before:absolute before:-inset-x-1 before:inset-y-0',
      )}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: lying ? event.clientY : event.clientX, value: props.value };
      }}
      onPointerMove={(event) => {
        if (start.current === null) return;
        const moved = (lying ? event.clientY : event.clientX) - start.current.at;
        change(start.current.value + moved * props.direction);
      }}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={(event) => {
        const larger = lying ? 'ArrowDown' : 'ArrowRight';
        const smaller = lying ? 'ArrowUp' : 'ArrowLeft';
        if (event.key !== larger && event.key !== smaller) return;
        event.preventDefault();
        change(props.value + (event.key === larger ? keyStep : -keyStep) * props.direction);
      }}
    />
  );
}
