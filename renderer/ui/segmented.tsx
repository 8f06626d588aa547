/** One of a few, all in sight: a row of joined buttons. */
import { ToggleGroup as Radix } from 'radix-ui';

export function Segmented<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly disabled?: boolean }[];
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <Radix.Root
      type="single"
      aria-label={props.label}
      value={props.value}
      onValueChange={(chosen) => {
        const choice = props.choices.find(({ value }) => value === chosen);
        if (choice !== undefined) props.onChoose(choice.value);
      }}
      className="inline-flex h-7 rounded-md border border-line bg-sunken p-px"
    >
      {props.choices.map(({ value, label, disabled }) => (
        <Radix.Item
          key={value}
          value={value}
          disabled={disabled === true}
          className="rounded-[5px] px-2 text-xs font-medium text-ink-2 hover:text-ink disabled:cursor-not-allowed disabled:opacity-45 data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-[0_0_0_1px_var(--line),0_1px_2px_rgb(0_0_0/8%)]"
        >
          {label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
