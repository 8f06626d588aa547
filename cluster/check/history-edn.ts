/**
 * Reads EDN, the notation of Clojure programs, into values: keywords and symbols become their names, sets and lists
 * become lists, tags are dropped, so that `#jepsen.history.Op{:f :read}` reads as {"f": "read"}.
 */
import { canonicalText, depthMax, type Value } from './history.ts';

/** The text is not EDN. Turned into a value by whoever asked for it to be read. */
export class MalformedEdn extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = 'MalformedEdn';
    this.line = line;
  }
}

export interface EdnForm {
  readonly value: Value;
  /** Of its first character, from 1. */
  readonly line: number;
}

const spaces = /[\s,]/;
const delimiters = /[\s,()[\]{}";]/;
const namedCharacters: Readonly<Record<string, string>> = {
  newline: '\n',
  space: ' ',
  tab: '\t',
  return: '\r',
};
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
const closes: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export class EdnReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next form, or null at the end. Throws `MalformedEdn`. */
  next(): EdnForm | null {
    this.#skip();
    if (this.#at >= this.#text.length) return null;
    const line = this.#line;
    return { value: this.#form(0), line };
  }

  /** When the text is one list of forms: its forms, each with its line. */
  *elements(): Iterable<EdnForm> {
    this.#skip();
    const open = this.#text[this.#at] ?? '';
    if (open !== '[' && open !== '(') {
      for (let form = this.next(); form !== null; form = this.next()) yield form;
      return;
    }
    this.#take();
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length)
        throw this.#malformed(`the list is not closed; expected ${closes[open]}`);
      if (this.#text[this.#at] === closes[open]) break;
      const line = this.#line;
      yield { value: this.#form(1), line };
    }
    this.#take();
    // A file may hold several lists, one a key.
    yield* this.elements();
  }

  #form(depth: number): Value {
    if (depth > depthMax) throw this.#malformed(`more than ${depthMax} levels`);
    this.#skip();
    const character = this.#text[this.#at];
    switch (character) {
      case undefined:
        throw this.#malformed('the text ends where a value is expected');
      case '(':
      case '[':
        return this.#list(depth);
      case '{':
        return this.#map(depth);
      case '"':
        return this.#string();
      case '\\':
        return this.#character();
      case '#':
        return this.#dispatch(depth);
      case ')':
      case ']':
      case '}':
        throw this.#malformed(`"${character}" closes nothing`);
      default:
        return atomOf(this.#token());
    }
  }

  #list(depth: number): Value[] {
    const close = closes[this.#take()] ?? '';
    const items: Value[] = [];
    for (;;) {
      this.#skip();
      const next = this.#text[this.#at];
      if (next === undefined) throw this.#malformed(`the list is not closed; expected ${close}`);
      if (next === close) break;
      items.push(this.#form(depth + 1));
    }
    this.#take();
    return items;
  }

  #map(depth: number): Value {
    const line = this.#line;
    const items = this.#list(depth);
    if (items.length % 2 !== 0) throw new MalformedEdn('a map with a name and no value', line);
    const entries: [string, Value][] = [];
    for (let at = 0; at < items.length; at += 2) {
      const name = items[at] ?? null;
      entries.push([typeof name === 'string' ? name : canonicalText(name), items[at + 1] ?? null]);
    }
    return Object.fromEntries(entries);
  }

  #dispatch(depth: number): Value {
    this.#take();
    if (this.#text[this.#at] === '{') return this.#list(depth);
    if (this.#text[this.#at] === '#') {
      // A number beyond numbers, such as ##Inf.
      this.#take();
      return this.#token();
    }
    this.#token();
    return this.#form(depth + 1);
  }

  #string(): string {
    const line = this.#line;
    this.#take();
    let text = '';
    for (;;) {
      const character = this.#take();
      if (character === '') throw new MalformedEdn('a text without its closing quote', line);
      if (character === '"') return text;
      if (character !== '\\') {
        text += character;
        continue;
      }
      const escaped = this.#take();
      if (escaped === 'u') {
        text += String.fromCharCode(Number.parseInt(this.#text.slice(this.#at, this.#at + 4), 16));
        this.#at += 4;
      } else text += escapes[escaped] ?? escaped;
    }
  }

  #character(): string {
    this.#take();
    const first = this.#take();
    const token = first + this.#token();
    return namedCharacters[token] ?? first;
  }

  #token(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !delimiters.test(this.#text[this.#at] as string)) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  /** Skips white space, comments, and forms that are commented out. */
  #skip(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) return;
      if (spaces.test(character)) this.#take();
      else if (character === ';')
        while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at += 1;
      else if (this.#text.startsWith('#_', this.#at)) {
        this.#at += 2;
        this.#form(1);
      } else return;
    }
  }

  #take(): string {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (character === '\n') this.#line += 1;
    return character;
  }

  #malformed(message: string): MalformedEdn {
    return new MalformedEdn(message, this.#line);
  }
}

function atomOf(token: string): Value {
  if (token === 'nil') return null;
  if (token === 'true') return true;
  if (token === 'false') return false;
  if (token.startsWith(':')) return token.slice(1);
  const number = /^[+-]?\d/.test(token) ? Number(token.replace(/[NM]$/, '')) : Number.NaN;
  // A number that would lose digits stays a text: it is only ever compared.
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number))
    ? number
    : token;
}
