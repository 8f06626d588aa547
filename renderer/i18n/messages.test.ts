import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { preferredLanguage } from './language.ts';
import type { Message } from './message.ts';
import { createTranslate, type MessageKey, messages } from './translate.ts';

const renderer = fileURLToPath(new URL('..', import.meta.url));
const keys = Object.keys(messages.en) as MessageKey[];

/** The console's own code, without tests and without the messages themselves. */
const code = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.includes('messages.'))
  .map((file) => readFileSync(join(renderer, file), 'utf8'))
  .join('\n');

const forms = (message: Message) => (typeof message === 'string' ? [message] : [message.one, message.other]);
const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('messages', () => {
  it('exist in both languages', () => {
    expect(Object.keys(messages.zh).sort()).toEqual([...keys].sort());
  });

  it('are all used', () => {
    expect(keys.filter((key) => !code.includes(`'${key}'`))).toEqual([]);
  });

  it('exist for every key that the code names', () => {
    const named = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key ?? '');
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((key) => !(key in messages.en))).toEqual([]);
  });

  it('take the same parameters in both languages', () => {
    const differing = keys.filter((key) => {
      const [en] = forms(messages.en[key]).map(parameters).slice(-1);
      return forms(messages.zh[key]).some((form) => parameters(form).join() !== en?.join());
    });
    expect(differing).toEqual([]);
  });

  it('are written in Chinese, but for names', () => {
    const names = /^(Muster|Znode|JSON|ACL|zxid|fsync p99|–|T\{term\}|\{.*\})$/;
    const foreign = keys.filter((key) =>
      forms(messages.zh[key]).some((text) => !/\p{Script=Han}/u.test(text) && !names.test(text)),
    );
    expect(foreign).toEqual([]);
  });
});

describe('translation', () => {
  it('chooses the plural form and groups numbers', () => {
    const t = createTranslate('en');
    expect(t('znodes.children', { count: 1 })).toBe('1 child');
    expect(t('znodes.children', { count: 12_345 })).toBe('12,345 children');
    expect(createTranslate('zh')('znodes.children', { count: 1 })).toBe('1 个子节点');
  });

  it('picks the first known language of the browser', () => {
    expect(preferredLanguage(['fr', 'zh-Hans-CN', 'en'])).toBe('zh');
    expect(preferredLanguage(['fr'])).toBe('en');
  });
});
