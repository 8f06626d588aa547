import { expect, it } from 'vitest';
import { hexId, permissionsText } from './ids.ts';
import { numberFormats } from './numbers.ts';
import { stopwatch, timeFormats } from './time.ts';

const { count, bytes, duration, span } = numberFormats('en');

it('groups counts', () => {
  expect(count(1_234_567)).toBe('1,234,567');
});

it('gives sizes in the unit that suits them', () => {
  expect([0, 1_023, 1_024, 1_536, 56 * 1024 * 1024].map(bytes)).toEqual([
    '0 B',
    '1,023 B',
    '1.0 KiB',
    '1.5 KiB',
    '56 MiB',
  ]);
});

it('gives durations in the unit that suits them', () => {
  expect([0, 0.42, 9.94, 17, 1_500, 75_000, 7_500_000, 90_000_000].map(duration)).toEqual([
    '0 ms',
    '0.42 ms',
    '9.9 ms',
    '17 ms',
    '1.5 s',
    '1 min 15 s',
    '2 h 5 min',
    '1 d 1 h',
  ]);
});

it('gives growing spans in whole seconds', () => {
  expect([999, 8_100, 61_000].map(span)).toEqual(['0 s', '8 s', '1 min 1 s']);
});

it('runs a stopwatch past the hour', () => {
  expect([14_900, 3_727_000].map(stopwatch)).toEqual(['00:14', '1:02:07']);
});

it('writes times of day to the millisecond in both languages', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5, 67).getTime();
  expect(timeFormats('en').clock(at)).toBe('03:04:05.067');
  expect(timeFormats('zh-CN').clock(at)).toBe('03:04:05.067');
});

it('writes ids beyond 2⁵³ without loss', () => {
  expect(hexId('18446744073709551615')).toBe('0xffffffffffffffff');
});

it('writes permissions in the order of zkCli', () => {
  expect([31, 1, 18].map(permissionsText)).toEqual(['cdrwa', '--r--', '---wa']);
});
