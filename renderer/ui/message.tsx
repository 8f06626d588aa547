/** What a place says when it has nothing else to show: empty, waiting, failed. */
import { CircleAlert, Inbox, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';

type MessageKind = 'empty' | 'waiting' | 'failed';

const icons: Readonly<Record<MessageKind, ReactNode>> = {
  empty: <Inbox size="1.25rem" className="text-ink-3" />,
  waiting: <LoaderCircle size="1.25rem" className="animate-[turn_1s_linear_infinite] text-ink-3" />,
  failed: <CircleAlert size="1.25rem" className="text-bad" />,
};

export function Message(props: {
  readonly kind: MessageKind;
  readonly title: string;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <div
      role={props.kind === 'failed' ? 'alert' : 'status'}
      className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-8 text-center"
    >
      {icons[props.kind]}
      <p className="font-medium">{props.title}</p>
      {props.detail !== undefined && <div className="text-ink-2">{props.detail}</div>}
      {props.children}
    </div>
  );
}
