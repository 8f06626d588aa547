import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prettyJson } from './json-text.ts';

it('lays out like the platform does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
      expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    }),
  );
});

it('keeps every digit of a number and every copy of a key', () => {
  expect(prettyJson('{"id":12345678901234567890,"id":1.0}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "id": 1.0\n}',
  );
});

it('leaves alone what is not a JSON object or array', () => {
  expect(prettyJson('42')).toBeNull();
  expect(prettyJson('{"a":}')).toBeNull();
});
