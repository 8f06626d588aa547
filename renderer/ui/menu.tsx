/** A menu that drops from its button; each item may say in a second line what it does. */
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';

export function Menu(props: {
  readonly trigger: ReactElement;
  readonly triggerRef?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild {...(props.triggerRef === undefined ? {} : { ref: props.triggerRef })}>
        {props.trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={props.align ?? 'end'}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 min-w-56 animate-[appear_120ms_ease-out] rounded-lg bg-surface p-1 text-sm text-ink shadow-overlay"
        >
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const row =
  'flex w-full items-center gap-2.5 rounded-md px-2 py-1 outline-none data-[disabled]:opacity-45 data-[highlighted]:bg-hover';

export function MenuItem(props: {
  readonly icon: ReactNode;
  readonly label: string;
  readonly hint?: string;
  readonly tone?: 'danger';
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}) {
  return (
    <Radix.Item
      disabled={props.disabled === true}
      onSelect={props.onSelect}
      className={classNames(row, props.tone === 'danger' && 'text-bad')}
    >
      <span className="flex w-4 justify-center">{props.icon}</span>
      <span className="flex grow items-baseline justify-between gap-6">
        {props.label}
        {props.hint !== undefined && <span className="text-xs text-ink-3">{props.hint}</span>}
      </span>
    </Radix.Item>
  );
}

export function MenuHeading(props: { readonly children: ReactNode }) {
  return (
    <Radix.Label className="px-2 pt-1.5 pb-1 text-xs font-medium text-ink-3">{props.children}</Radix.Label>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}

/** One of several, marked by a dot. */
export function MenuChoice<Value extends string>(props: {
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <Radix.RadioGroup
      value={props.value}
      onValueChange={(chosen) => {
        const choice = props.choices.find(({ value }) => value === chosen);
        if (choice !== undefined) props.onChoose(choice.value);
      }}
    >
      {props.choices.map(({ value, label }) => (
        <Radix.RadioItem
          key={value}
          value={value}
          onSelect={(event) => event.preventDefault()}
          className={row}
        >
          <span className="flex w-4 justify-center">
            <Radix.ItemIndicator className="size-1.5 rounded-full bg-accent" />
          </span>
          {label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
