/** What a desktop adds to the console: the file manager, notifications, the menu and its dialogs. */
import { app, dialog, ipcMain, Menu, Notification, shell } from 'electron';
import { fail, ok } from '../../cluster/base/result.ts';
import type { RunningInstance } from '../../cluster/console/instance.ts';
import { requestChannel } from '../preload/contract.ts';
import type { Host } from './host.ts';
import { type EnsembleActions, menuLabels, menuTemplate } from './menu.ts';
import { createRequestListener, type DesktopServices } from './requests.ts';

/** Answers the page on the contract's channel. */
export function answerPage(host: Host): void {
  const listen = createRequestListener({ consoleAddress: host.openUrl, services: services(host) });
  ipcMain.handle(requestChannel, ({ senderFrame }, name: unknown, input: unknown) =>
    listen({
      senderAddress: senderFrame?.url ?? null,
      fromMainFrame: senderFrame !== null && senderFrame.parent === null,
      name,
      input,
    }),
  );
}

/** Puts up the application's menu; `show` goes to a screen of the console. */
export function installMenu(host: Host, show: (fragment: string) => void): void {
  const template = menuTemplate({
    platform: process.platform,
    labels: menuLabels(app.getLocale()),
    actions: {
      show,
      openDataFolder: () => void openFolder(host.dataFolder),
      ensemble: host.instance === null ? null : ensembleActions(host.instance),
    },
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Says in a box why the application cannot go on. */
export function tellFailure(failure: {
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}) {
  dialog.showErrorBox(failure.what, `${failure.meaning}\n\n${failure.todo}`);
}

function services({ dataFolder }: Host): DesktopServices {
  return {
    openDataFolder: () => openFolder(dataFolder),
    notify({ title, body }) {
      if (!Notification.isSupported()) return Promise.resolve(fail('This system shows no notifications.'));
      new Notification({ title, body }).show();
      return Promise.resolve(ok(null));
    },
  };
}

async function openFolder(folder: string) {
  const problem = await shell.openPath(folder);
  return problem === '' ? ok(null) : fail(problem);
}

function ensembleActions({ supervisor }: RunningInstance): EnsembleActions {
  return {
    async startAll() {
      const members = supervisor.view().members.filter(({ process: state }) => !('pid' in state));
      for (const { id } of members) {
        const started = await supervisor.operate(id, 'start');
        if (!started.ok) tellFailure(started.error);
      }
    },
    async heal() {
      const healed = await supervisor.heal();
      if (!healed.ok) tellFailure(healed.error);
    },
  };
}
