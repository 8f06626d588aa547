import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { menuLabels, menuTemplate } from './menu.ts';

function build(platform: NodeJS.Platform, locale: string) {
  const done: string[] = [];
  const template = menuTemplate({
    platform,
    labels: menuLabels(locale),
    actions: {
      show: (fragment) => void done.push(`show ${fragment}`),
      openDataFolder: () => void done.push('open folder'),
      ensemble: {
        startAll: () => void done.push('start all'),
        heal: () => void done.push('heal'),
      },
    },
  });
  return { template, done };
}

/** Every item below the menus. */
const items = (template: readonly MenuItemConstructorOptions[]) =>
  template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));

/** Clicks as Electron would; our items use none of what it passes. */
function click(item: MenuItemConstructorOptions): void {
  (item.click as (() => void) | undefined)?.();
}

it('offers the screens and the ensemble, each doing its own', () => {
  const { template, done } = build('linux', 'en-GB');
  items(template).forEach(click);
  expect(done).toEqual([
    'open folder',
    'show #/overview',
    'show #/znodes',
    'show #/log',
    'start all',
    'heal',
  ]);
});

it('quits from the menu everywhere, on a Mac from the application menu', () => {
  expect(items(build('win32', 'en').template).map(({ role }) => role)).toContain('quit');
  const mac = build('darwin', 'en').template;
  expect(mac[0]).toEqual({ role: 'appMenu' });
  expect(items(mac).map(({ role }) => role)).not.toContain('quit');
});

it('speaks Chinese on a Chinese system, English elsewhere', () => {
  expect(build('linux', 'zh-CN').template[0]?.label).toBe('文件(&F)');
  expect(build('linux', 'fr').template[0]?.label).toBe('&File');
  expect(Object.keys(menuLabels('zh'))).toEqual(Object.keys(menuLabels('en')));
});
