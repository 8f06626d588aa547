/** A sentence with `{parameters}`, or its forms by plural category, chosen by `count`. */
export type Message = string | PluralMessage;
interface PluralMessage {
  readonly one: string;
  readonly other: string;
}
