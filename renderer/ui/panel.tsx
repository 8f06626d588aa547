/** A titled part of a screen. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export function Panel(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={props.title}
      className={classNames(
        'flex min-h-0 min-w-0 flex-col rounded-lg border border-line bg-surface',
        props.className,
      )}
    >
      <header className="flex h-9 shrink-0 items-center justify-between gap-3 px-3">
        <h2 className="shrink-0 text-sm font-semibold whitespace-nowrap">{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
