/** A dialog over the screen; Escape and its buttons close it, focus returns to where it was. */
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';

export function Dialog(props: {
  readonly title: ReactNode;
  readonly closeLabel: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Gets the focus when the dialog closes, where what had it before is gone by then: an item of a menu. */
  readonly returnTo?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(8_12_18/45%)]" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            if (!props.returnTo?.current) return;
            event.preventDefault();
            props.returnTo.current.focus();
          }}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] -translate-x-1/2 animate-[appear_120ms_ease-out] flex-col rounded-xl bg-surface shadow-overlay w-[min(30rem,94vw)]"
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <Radix.Title className="min-w-0 text-lg leading-snug font-semibold break-words">
              {props.title}
            </Radix.Title>
            <Radix.Close
              aria-label={props.closeLabel}
              className="-mr-1.5 flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-hover"
            >
              <X size="1rem" />
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">{props.children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The buttons at the foot of a dialog, the decisive one last. */
export function DialogButtons(props: { readonly children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{props.children}</div>;
}
