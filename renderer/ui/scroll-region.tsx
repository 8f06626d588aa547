/** A part of the screen that scrolls by itself: named, and reachable by keyboard. */
import type { ReactNode, Ref } from 'react';

export function ScrollRegion(props: {
  readonly label: string;
  readonly className: string;
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll.
    <section ref={props.ref} aria-label={props.label} tabIndex={0} className={props.className}>
      {props.children}
    </section>
  );
}
