/** Messages with their parameters checked by type: `t('health.healthy', { working: 3, … })`. */
import { type Language, languageTags } from './language.ts';
import type { Message } from './message.ts';
import { en } from './messages.en.ts';
import { zh } from './messages.zh.ts';

type English = typeof en;
export type MessageKey = keyof English;

type ParametersIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersIn<Rest>
  : never;
type ParametersOf<Key extends MessageKey> = English[Key] extends { readonly other: infer Text }
  ? ParametersIn<Text> | 'count'
  : ParametersIn<English[Key]>;

/** Keys of messages without parameters, for tables of labels. */
export type LabelKey = { [Key in MessageKey]: [ParametersOf<Key>] extends [never] ? Key : never }[MessageKey];

type Arguments<Key extends MessageKey> = [ParametersOf<Key>] extends [never]
  ? []
  : [parameters: Readonly<Record<ParametersOf<Key>, string | number>>];

/** The message of this key in the language that the function was made for. */
export type Translate = <Key extends MessageKey>(key: Key, ...parameters: Arguments<Key>) => string;

export const messages: Readonly<Record<Language, Readonly<Record<MessageKey, Message>>>> = { en, zh };

/** The messages of a language; numbers among the parameters are written in its digits and groups. */
export function createTranslate(language: Language): Translate {
  const tag = languageTags[language];
  const number = new Intl.NumberFormat(tag);
  const plural = new Intl.PluralRules(tag);
  const catalogue = messages[language];

  return (key, ...[parameters]) => {
    const values: Readonly<Record<string, string | number>> = parameters ?? {};
    const text = formOf(catalogue[key], values['count'], plural);
    return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? number.format(value) : (value ?? '');
    });
  };
}

function formOf(message: Message, count: string | number | undefined, plural: Intl.PluralRules): string {
  if (typeof message === 'string') return message;
  return plural.select(Number(count ?? 0)) === 'one' ? message.one : message.other;
}
