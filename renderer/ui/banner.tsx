/** A line across a part of the screen that must not be overlooked. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

type BannerTone = 'info' | 'warn' | 'bad';

const looks = {
  info: { icon: Info, colors: 'bg-accent-soft text-ink' },
  warn: { icon: TriangleAlert, colors: 'bg-warn-soft text-warn' },
  bad: { icon: CircleAlert, colors: 'bg-bad-soft text-bad' },
} as const;

export function Banner(props: {
  readonly tone: BannerTone;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  const { icon: Icon, colors } = looks[props.tone];
  return (
    <div
      role={props.tone === 'bad' ? 'alert' : 'status'}
      className={classNames('flex items-center gap-2 px-3 py-1.5 text-sm', colors)}
    >
      <Icon size="1rem" className="shrink-0" aria-hidden />
      <div className="min-w-0 grow">{props.children}</div>
      {props.action}
    </div>
  );
}
