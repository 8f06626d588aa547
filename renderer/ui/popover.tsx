/** A small panel beside its button. */
import { Popover as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

export function Popover(props: {
  readonly label: string;
  readonly trigger: ReactElement;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={props.label}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-40 w-[min(26rem,92vw)] animate-[appear_120ms_ease-out] rounded-lg bg-surface p-3 text-sm shadow-overlay"
        >
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
