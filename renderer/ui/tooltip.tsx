/** A short text beside what the pointer or the focus is on; never the only place of something needed. */
import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

/** Once, around the whole screen. */
export function TooltipProvider(props: { readonly children: ReactNode }) {
  return <Radix.Provider delayDuration={500}>{props.children}</Radix.Provider>;
}

export function Tooltip(props: { readonly text: string; readonly children: ReactElement }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{props.children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-overlay"
        >
          {props.text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
