/** Words that explain themselves on hover and on focus. */
import type { ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';

export function Hint(props: {
  readonly text: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip text={props.text}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span tabIndex={0} className={props.className}>
        {props.children}
      </span>
    </Tooltip>
  );
}
