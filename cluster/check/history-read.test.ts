import { describe, expect, it } from 'vitest';
import { readHistory } from './history-read.ts';

function read(text: string) {
  const history = readHistory(text, 'h');
  if (!history.ok) throw new Error(`${history.error.place}: ${history.error.message}`);
  return history.value.events.map(({ process, type, f, key, value }) => [process, type, f, key, value]);
}

function errorOf(text: string): string {
  const history = readHistory(text, 'h');
  return history.ok ? 'no error' : `${history.error.place}: ${history.error.message}`;
}

const wanted = [
  [0, 'invoke', 'write', null, 3],
  [0, 'ok', 'write', null, 3],
  [1, 'invoke', 'cas', null, [3, 4]],
  [1, 'info', 'cas', null, [3, 4]],
];

describe('reading a history', () => {
  it('reads JSON lines, with empty ones between', () => {
    const text = `{"process":0,"type":"invoke","f":"write","value":3}
{"process":0,"type":"ok","f":"write","value":3}

{"process":1,"type":"invoke","f":"cas","value":[3,4]}
{"process":1,"type":"info","f":"cas","value":[3,4],"error":"timeout"}
`;
    expect(read(text)).toEqual(wanted);
  });

  it('reads a JSON list whose names are keywords, and other names for the fields', () => {
    const text = `[{":process":0,":type":":invoke",":f":":write",":value":3},
      {"thread":0,"type":"OK","op":"write","v":3,"index":1},
      {"client":1,"type":"invoke","operation":"cas","value":[3,4]}, {"process":1,"type":"info","f":"cas","value":[3,4]}]`;
    expect(read(text)).toEqual(wanted);
  });

  it.each([
    ['lines', (forms: readonly string[]) => forms.join('\n')],
    ['one vector', (forms: readonly string[]) => `; recorded\n[${forms.join('\n ')}]\n`],
    [
      'a list of records',
      (forms: readonly string[]) => `(${forms.map((form) => `#jepsen.history.Op${form}`).join(' ')})`,
    ],
    ['several vectors', (forms: readonly string[]) => forms.map((form) => `[${form}]`).join('\n')],
  ])('reads EDN maps in %s', (_, join) => {
    const forms = [
      '{:process 0, :type :invoke, :f :write, :value 3, :index 0, :time 1200000}',
      '{:process 0 :type :ok :f :write :value 3N #_:left-out}',
      '{:process 1, :type :invoke, :f :cas, :value (3 4)}',
      '{:process 1, :type :info, :f :cas, :value [3 4], :error [:timeout "no \\"answer\\""]}',
    ];
    expect(read(join(forms))).toEqual(wanted);
  });

  it("reads Jepsen's log and skips what else it says and what the nemesis does", () => {
    const text = `INFO  jepsen.core - Worker 1 starting
INFO  jepsen.util - 0\t:invoke\t:write\t3
INFO  jepsen.util - :nemesis\t:info\t:start\t"cut off n1"
0\t:ok\t:write\t3
INFO [2020-01-01 10:00:00,000] jepsen worker 1 - jepsen.util 1\t:invoke\t:cas\t[3 4]
1\t:info\t:cas\t[3 4]\tindeterminate: timeout`;
    expect(read(text)).toEqual(wanted);
    expect(readHistory(text, 'h')).toMatchObject({ value: { skipped: 1 } });
  });

  it('takes nanoseconds for time, and milliseconds for timeMs', () => {
    const history = readHistory(
      '{"process":0,"type":"invoke","f":"read","time":2500000}\n{"process":1,"type":"invoke","f":"read","timeMs":3}',
      'h',
    );
    expect(history.ok && history.value.events.map(({ timeMs }) => timeMs)).toEqual([2.5, 3]);
  });

  it('takes pairs for keys when every call has one', () => {
    const text = `{:process 0, :type :invoke, :f :read, :value [7 nil]}
{:process 1, :type :invoke, :f :cas, :value ["x" [1 2]]}
{:process 0, :type :ok, :f :read, :value [7 nil]}
{:process 1, :type :fail, :f :cas, :value ["x" [1 2]]}`;
    expect(read(text)).toEqual([
      [0, 'invoke', 'read', '7', null],
      [1, 'invoke', 'cas', 'x', [1, 2]],
      [0, 'ok', 'read', '7', null],
      [1, 'fail', 'cas', 'x', [1, 2]],
    ]);
  });

  it.each([
    '{:process 0, :type :invoke, :f :cas, :value [0 3]}',
    '{:process 0, :type :invoke, :f :cas, :value [0 3]}\n{:process 1, :type :invoke, :f :read, :value nil}',
    '{:process 0, :type :invoke, :f :cas, :value [0 3]}\n{:process 1, :type :invoke, :f :write, :value [0 1]}',
  ])('takes the pair of a cas for no key (%s)', (text) => {
    expect(read(text)[0]).toEqual([0, 'invoke', 'cas', null, [0, 3]]);
  });

  it('puts events that are all numbered in the order of their numbers', () => {
    const text = `{"process":0,"type":"ok","f":"read","value":1,"index":1}
{"process":0,"type":"invoke","f":"read","value":null,"index":0}`;
    expect(read(text).map(([, type]) => type)).toEqual(['invoke', 'ok']);
  });
});

describe('an error of the format', () => {
  it.each([
    ['', 'h: nothing in it; expected a history, one event a line.'],
    [
      '{"process":0,"type":"invoke"',
      'h:1: "{\\"process\\":0,\\"type\\":\\"invoke\\"" is not JSON; expected one object a line.',
    ],
    [
      '{"type":"invoke","f":"read"}',
      'h:1: an event without "process"; expected the number or name of the client.',
    ],
    ['{"process":0,"f":"read"}', 'h:1: an event without "type"; expected invoke, ok, fail or info.'],
    ['{"process":0,"type":"done","f":"read"}', 'h:1: the type "done"; expected invoke, ok, fail or info.'],
    ['\n{"process":0,"type":"ok"}', 'h:2: an event without "f"; expected the name of the operation.'],
    ['{:process 0\n:type :ok', 'h:2: not EDN: the list is not closed; expected }.'],
    ['[{:process 0}\n}', 'h:2: not EDN: "}" closes nothing.'],
    ['{:process}', 'h:1: not EDN: a map with a name and no value.'],
    ['[1 2]', 'h:1: 1 is not an event; expected an object.'],
    ['[{"process":0', 'h: it begins as a JSON list and is none; expected [{…}, {…}].'],
  ])('in %j says where and what was expected', (text, message) => {
    expect(errorOf(text)).toBe(message);
  });

  it('in a text that is no history shows an event', () => {
    expect(errorOf('hello\nthere')).toMatch(
      /^h:1: "hello" is no event; expected JSON lines such as \{"process":0/,
    );
  });

  it('ends deep nesting instead of the stack', () => {
    expect(errorOf('['.repeat(100_000))).toBe('h:1: not EDN: more than 200 levels.');
    const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    expect(errorOf(`{"process":0,"type":"invoke","f":"write","value":${deep}}`)).toBe(
      'h:1: more than 200 levels of lists and objects.',
    );
  });
});
