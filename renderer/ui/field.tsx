/** Inputs with their label, help and complaint. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export const inputShape =
  'h-7 min-w-0 rounded-md border border-line bg-surface px-2 text-sm text-ink placeholder:text-ink-3 hover:border-line-strong';

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input className={classNames(inputShape, className)} spellCheck={false} autoComplete="off" {...rest} />
  );
}

export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select className={classNames(inputShape, 'pr-1', className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      className={classNames(
        inputShape,
        'h-auto resize-none py-1.5 font-mono text-xs leading-relaxed',
        className,
      )}
      spellCheck={false}
      autoComplete="off"
      {...rest}
    />
  );
}

/** A label above its control; `control` gets the ids that tie help and complaint to it. */
export function Field(props: {
  readonly label: string;
  readonly help?: string;
  readonly complaint?: string | null;
  readonly control: (ids: { readonly id: string; readonly 'aria-describedby': string }) => ReactNode;
}) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {props.label}
      </label>
      {props.control({ id, 'aria-describedby': note })}
      {(props.complaint ?? props.help) !== undefined && (
        <p
          id={note}
          className={classNames('min-h-[1.125rem] text-xs', props.complaint ? 'text-bad' : 'text-ink-3')}
        >
          {props.complaint ?? props.help}
        </p>
      )}
    </div>
  );
}
