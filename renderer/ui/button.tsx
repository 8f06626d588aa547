/** Buttons: with a word, or with an icon whose word is its name and its tooltip. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

type Tone = 'plain' | 'primary' | 'danger' | 'quiet';

const tones: Readonly<Record<Tone, string>> = {
  plain: 'border-line bg-surface text-ink hover:border-line-strong hover:bg-hover',
  primary: 'border-transparent bg-accent text-on-accent hover:brightness-110',
  danger: 'border-transparent bg-bad text-on-bad hover:brightness-110',
  quiet: 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
};

const shape =
  'inline-flex h-7 shrink-0 items-center justify-center gap-1.5 rounded-md border text-sm font-medium whitespace-nowrap select-none disabled:cursor-not-allowed disabled:opacity-45';

type ButtonProps = ComponentProps<'button'> & { readonly tone?: Tone; readonly icon?: ReactNode };

export function Button({ tone = 'plain', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classNames(shape, 'px-2.5', tones[tone], className)} {...rest}>
      {icon}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & {
  readonly label: string;
  readonly tone?: Tone;
};

export function IconButton({ label, tone = 'quiet', className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        className={classNames(shape, 'w-7', tones[tone], className)}
        {...rest}
      />
    </Tooltip>
  );
}
