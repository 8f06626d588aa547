/** The application menu as a template, in the language of the system. */
import type { MenuItemConstructorOptions } from 'electron';

/** What the items of our own do. */
export interface MenuActions {
  /** Goes to a screen of the console, by the fragment of its address. */
  show(fragment: string): void;
  openDataFolder(): void;
  /** Null when the ensemble belongs to another process: the console drives it all the same. */
  readonly ensemble: EnsembleActions | null;
}

export interface EnsembleActions {
  startAll(): void;
  heal(): void;
}

interface Labels {
  readonly file: string;
  readonly openDataFolder: string;
  readonly view: string;
  readonly overview: string;
  readonly znodes: string;
  readonly log: string;
  readonly ensemble: string;
  readonly startAll: string;
  readonly heal: string;
}

const english: Labels = {
  file: '&File',
  openDataFolder: 'Open Data Folder',
  view: '&View',
  overview: 'Overview',
  znodes: 'Znodes',
  log: 'Log',
  ensemble: '&Ensemble',
  startAll: 'Start All Members',
  heal: 'Heal All Links',
};

const chinese: Labels = {
  file: '文件(&F)',
  openDataFolder: '打开数据文件夹',
  view: '视图(&V)',
  overview: '概览',
  znodes: 'Znode',
  log: '日志',
  ensemble: '集群(&E)',
  startAll: '启动所有成员',
  heal: '恢复所有链路',
};

/** The labels for a locale such as `zh-CN`; English for every language that is not translated. */
export function menuLabels(locale: string): Labels {
  return locale.toLowerCase().startsWith('zh') ? chinese : english;
}

export function menuTemplate(options: {
  readonly platform: NodeJS.Platform;
  readonly labels: Labels;
  readonly actions: MenuActions;
}): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    fileMenu(options.labels, { actions: options.actions, isMac }),
    { role: 'editMenu' },
    viewMenu(options.labels, options.actions),
    ensembleMenu(options.labels, options.actions.ensemble),
    { role: 'windowMenu' },
  ];
}

function fileMenu(
  labels: Labels,
  { actions, isMac }: { readonly actions: MenuActions; readonly isMac: boolean },
): MenuItemConstructorOptions {
  return {
    label: labels.file,
    submenu: [
      { label: labels.openDataFolder, click: () => actions.openDataFolder() },
      { type: 'separator' },
      { role: isMac ? 'close' : 'quit' },
    ],
  };
}

function viewMenu(labels: Labels, { show }: MenuActions): MenuItemConstructorOptions {
  return {
    label: labels.view,
    submenu: [
      { label: labels.overview, accelerator: 'CmdOrCtrl+1', click: () => show('#/overview') },
      { label: labels.znodes, accelerator: 'CmdOrCtrl+2', click: () => show('#/znodes') },
      { label: labels.log, accelerator: 'CmdOrCtrl+3', click: () => show('#/log') },
      { type: 'separator' },
      { role: 'reload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
    ],
  };
}

function ensembleMenu(labels: Labels, ensemble: EnsembleActions | null): MenuItemConstructorOptions {
  const enabled = ensemble !== null;
  return {
    label: labels.ensemble,
    submenu: [
      { label: labels.startAll, enabled, click: () => ensemble?.startAll() },
      { label: labels.heal, enabled, click: () => ensemble?.heal() },
    ],
  };
}
