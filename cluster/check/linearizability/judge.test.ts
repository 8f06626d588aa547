import { describe, expect, it } from 'vitest';
import type { HistoryEvent, Value } from '../history.ts';
import { readHistory } from '../history-read.ts';
import type { ModelName } from '../models/model.ts';
import { type Judgement, type JudgeOptions, judgeHistory } from './judge.ts';
import { randomOf, simulateHistory } from './testing/simulated-history.ts';

function judgeEvents(
  model: ModelName,
  events: readonly HistoryEvent[],
  options: Partial<JudgeOptions> = {},
): Judgement {
  const judged = judgeHistory(events, { model, monotonicMs: () => performance.now(), ...options });
  if (!judged.ok) throw new Error(judged.error.message);
  return judged.value;
}

/** `call` or `return` lines: "0 call write 1", "0 ok write 1". */
function judge(model: ModelName, ...lines: readonly string[]): Judgement {
  const records = lines.map((line) => {
    const [process = '', type = '', f = '', ...value] = line.split(' ');
    return JSON.stringify({
      process,
      type: type === 'call' ? 'invoke' : type,
      f,
      value: parsed(value.join(' ')),
    });
  });
  const read = readHistory(records.join('\n'), 'h');
  if (!read.ok) throw new Error(read.error.message);
  return judgeEvents(model, read.value.events);
}

const parsed = (text: string): Value => (text === '' ? null : (JSON.parse(text) as Value));
const verdictOf = (...lines: readonly string[]) => judge('register', ...lines).verdict;

describe('a register', () => {
  it('may show a write to one read and not yet to a later one that both overlap it? No: time does not go back', () => {
    const base = ['0 call write 1', '1 call read', '1 ok read 1', '1 call read'];
    expect(verdictOf(...base, '1 ok read null', '0 ok write 1')).toBe('illegal');
    expect(verdictOf(...base, '1 ok read 1', '0 ok write 1')).toBe('ok');
  });

  it('lets overlapping writes take effect in either order, the same for all', () => {
    const writes = ['0 call write 1', '1 call write 2', '0 ok write 1', '1 ok write 2'];
    expect(verdictOf(...writes, '2 call read', '2 ok read 1')).toBe('ok');
    expect(verdictOf(...writes, '2 call read', '2 ok read 2')).toBe('ok');
    expect(verdictOf(...writes, '2 call read', '2 ok read 1', '3 call read', '3 ok read 2')).toBe('illegal');
  });

  it('never shows a stale value after a later write returned', () => {
    expect(
      verdictOf(
        '0 call write 1',
        '0 ok write 1',
        '0 call write 2',
        '0 ok write 2',
        '1 call read',
        '1 ok read 1',
      ),
    ).toBe('illegal');
  });

  it('never shows what nobody wrote', () => {
    expect(verdictOf('0 call read', '0 ok read 7')).toBe('illegal');
  });

  it('never shows a write before it was called', () => {
    expect(verdictOf('0 call read', '0 ok read 1', '1 call write 1', '1 ok write 1')).toBe('illegal');
  });

  it('starts with nothing, or with what is said', () => {
    const events: HistoryEvent[] = [
      { process: 0, type: 'invoke', f: 'read', key: null, value: null, timeMs: null },
      { process: 0, type: 'ok', f: 'read', key: null, value: 5, timeMs: null },
    ];
    expect(judgeEvents('register', events).verdict).toBe('illegal');
    expect(judgeEvents('register', events, { initial: 5 }).verdict).toBe('ok');
  });

  it('lets only one of two swaps from the same value succeed', () => {
    const setUp = ['0 call write 0', '0 ok write 0', '1 call cas [0,1]', '2 call cas [0,2]'];
    expect(verdictOf(...setUp, '1 ok cas [0,1]', '2 ok cas [0,2]')).toBe('illegal');
    expect(verdictOf(...setUp, '1 ok cas [0,1]', '2 fail cas [0,2]')).toBe('ok');
    expect(verdictOf(...setUp, '1 ok cas [0,1]', '2 info cas [0,2]')).toBe('ok');
  });

  it('loses no update made by swaps', () => {
    const swaps = ['0 call write 0', '0 ok write 0', '1 call cas [0,1]', '1 ok cas [0,1]'];
    expect(verdictOf(...swaps, '2 call read', '2 ok read 0')).toBe('illegal');
  });

  it('can have been compared and found different', () => {
    const setUp = ['0 call write 0', '0 ok write 0', '1 call cas [5,6]', '1 ok cas false'];
    expect(verdictOf(...setUp)).toBe('ok');
    expect(verdictOf('0 call write 5', '0 ok write 5', ...setUp.slice(2))).toBe('illegal');
  });
});

describe('an unknown outcome', () => {
  const crashed = ['0 call write 1', '0 info write 1', '1 call write 2', '1 ok write 2'];
  it('may take effect late', () => {
    expect(verdictOf(...crashed, '1 call read', '1 ok read 2', '1 call read', '1 ok read 1')).toBe('ok');
  });
  it('may take effect never', () => {
    expect(verdictOf(...crashed, '1 call read', '1 ok read 2')).toBe('ok');
  });
  it('takes effect once at most', () => {
    const reads = [
      '1 call read',
      '1 ok read 1',
      '1 call write 2',
      '1 ok write 2',
      '1 call read',
      '1 ok read 1',
    ];
    expect(verdictOf(...crashed, ...reads)).toBe('illegal');
  });
  it('of a failed write does not take effect', () => {
    expect(verdictOf('0 call write 1', '0 fail write 1', '1 call read', '1 ok read 1')).toBe('illegal');
  });
  it('of a read says nothing', () => {
    expect(verdictOf('0 call read', '0 info read 9', '1 call read', '1 ok read null')).toBe('ok');
  });
});

describe('a key-value store', () => {
  it('keeps its keys apart', () => {
    const verdict = judge(
      'kv',
      '0 call put ["x",1]',
      '0 ok put ["x",1]',
      '0 call get ["y",null]',
      '0 ok get ["y",null]',
    );
    expect([verdict.verdict, verdict.keys]).toEqual(['ok', 2]);
  });
  it('appends, deletes and swaps', () => {
    expect(
      judge(
        'kv',
        '0 call append "a"',
        '0 ok append',
        '0 call append "b"',
        '0 ok append',
        '1 call get',
        '1 ok get "ab"',
      ).verdict,
    ).toBe('ok');
    expect(
      judge(
        'kv',
        '0 call append "a"',
        '0 ok append',
        '0 call append "b"',
        '0 ok append',
        '1 call get',
        '1 ok get "ba"',
      ).verdict,
    ).toBe('illegal');
    expect(
      judge('kv', '0 call put 1', '0 ok put', '0 call delete', '0 ok delete', '1 call get', '1 ok get null')
        .verdict,
    ).toBe('ok');
    expect(
      judge('kv', '0 call put 1', '0 ok put', '0 call cas [1,2]', '0 ok cas', '1 call get', '1 ok get 1')
        .verdict,
    ).toBe('illegal');
  });
  it('answers nothing or an empty text alike where texts are appended', () => {
    expect(judge('kv', '0 call get', '0 ok get ""', '0 call append "a"', '0 ok append').verdict).toBe('ok');
    expect(judge('kv', '0 call get', '0 ok get ""').verdict).toBe('illegal');
  });
});

describe('a znode', () => {
  const created = ['0 call create {"data":"a"}', '0 ok create {}'];
  const verdict = (...lines: readonly string[]) => judge('znode', ...created, ...lines).verdict;
  it('counts its versions', () => {
    expect(
      verdict(
        '0 call setData {"data":"b","version":0}',
        '0 ok setData {"version":1}',
        '1 call getData',
        '1 ok getData {"data":"b","version":1}',
      ),
    ).toBe('ok');
    expect(verdict('0 call setData {"data":"b","version":0}', '0 ok setData {"version":2}')).toBe('illegal');
  });
  it('lets one of two conditional writes through', () => {
    const calls = [
      '1 call setData {"data":"b","version":0}',
      '2 call setData {"data":"c","version":0}',
      '1 ok setData {"version":1}',
    ];
    expect(verdict(...calls, '2 ok setData {"error":"badVersion"}')).toBe('ok');
    expect(verdict(...calls, '2 ok setData {"version":1}')).toBe('illegal');
  });
  it('is there or not, as its errors say', () => {
    expect(
      verdict(
        '1 call create {"data":"b"}',
        '1 ok create {"error":"nodeExists"}',
        '1 call delete {"version":-1}',
        '1 ok delete {}',
        '1 call exists',
        '1 ok exists null',
      ),
    ).toBe('ok');
    expect(verdict('1 call exists', '1 ok exists null')).toBe('illegal');
    expect(verdict('1 call getData', '1 ok getData {"error":"noNode"}')).toBe('illegal');
    expect(verdict('1 call delete {"version":3}', '1 ok delete {"error":"badVersion"}')).toBe('ok');
    expect(verdict('1 call delete {"version":0}', '1 ok delete {"error":"badVersion"}')).toBe('illegal');
  });
});

describe('the answer', () => {
  it('names an operation that means nothing to the model', () => {
    const events: HistoryEvent[] = [
      { process: 0, type: 'invoke', f: 'enqueue', key: null, value: 1, timeMs: null },
    ];
    expect(judgeHistory(events, { model: 'register', monotonicMs: () => 0 })).toEqual({
      ok: false,
      error: {
        place: 'event 1',
        message: 'the model register has no operation "enqueue"; expected read, write or cas.',
      },
    });
  });

  it('shows the fewest operations, from a long history, in which the failure can be seen', () => {
    const events = simulateHistory({
      model: 'register',
      processes: 10,
      operations: 1_000,
      values: 0,
      keys: 1,
      unknown: 0.02,
      only: ['read', 'write'],
      random: randomOf(3),
    });
    const stale: HistoryEvent[] = [
      ...[1, 2].flatMap((value): HistoryEvent[] => [
        { process: 'w', type: 'invoke', f: 'write', key: 'k0', value: -value, timeMs: null },
        { process: 'w', type: 'ok', f: 'write', key: 'k0', value: -value, timeMs: null },
      ]),
      { process: 'r', type: 'invoke', f: 'read', key: 'k0', value: null, timeMs: null },
      { process: 'r', type: 'ok', f: 'read', key: 'k0', value: -1, timeMs: null },
    ];
    const { verdict, illegalKeys, failure } = judgeEvents('register', [
      ...events.slice(0, 900),
      ...stale,
      ...events.slice(900),
    ]);
    expect([verdict, illegalKeys]).toEqual(['illegal', ['k0']]);
    expect(failure?.window.map(({ process, text, isCulprit }) => [process, text, isCulprit])).toEqual([
      ['w', 'write -2', false],
      ['r', 'read -1', true],
    ]);
  });

  it('is unknown when the time or the memory is used up', () => {
    const events = simulateHistory({
      model: 'register',
      processes: 30,
      operations: 3_000,
      values: 5,
      keys: 1,
      unknown: 0,
      random: randomOf(1),
    });
    let ms = 0;
    const late = judgeEvents('register', events, { monotonicMs: () => (ms += 10), budgetMs: 5 });
    expect([late.verdict, late.summary]).toEqual([
      'unknown',
      expect.stringContaining('no answer within 0.005 s'),
    ]);
    const narrow = judgeEvents('register', events, { widthMax: 1 });
    expect([narrow.verdict, narrow.summary]).toEqual(['unknown', expect.stringContaining('too many ways')]);
  });
});
