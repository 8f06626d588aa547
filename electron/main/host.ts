/** What the window looks at: an ensemble of this process's own, or the one that runs on the folder already. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import { fail, ok, type Result } from '../../cluster/base/result.ts';
import { type InstanceFailure, type RunningInstance, startInstance } from '../../cluster/console/instance.ts';
import { readInstances } from '../../cluster/console/instance-file.ts';
import { defaultDataFolder, instancesFolder, ownSurroundings } from '../../cluster/console/state-folder.ts';
import type { ShellOptions } from './shell-options.ts';
import { createUtilitySpawn } from './utility-spawn.ts';

export interface Host {
  readonly openUrl: string;
  readonly dataFolder: string;
  /** Null when another process runs the ensemble: closing the window leaves it running. */
  readonly instance: RunningInstance | null;
}

/** Starts the ensemble; where one runs on the folder already, finds it. */
export async function createHost(options: ShellOptions): Promise<Result<Host, InstanceFailure>> {
  const surroundings = ownSurroundings();
  const instances = instancesFolder(surroundings);
  const dataFolder = resolve(options.dataFolder ?? defaultDataFolder(surroundings));
  const started = await startInstance({
    dataFolder,
    name: null,
    members: options.members,
    clientPortBase: options.clientPort,
    timing: null,
    settings: {},
    spawn: createUtilitySpawn(forkUtility),
    memberModule: besideTheShell('../node/member.js'),
    consolePort: options.consolePort,
    assetsFolder: besideTheShell('../renderer'),
    instancesFolder: instances,
    onDefect: (defect) => {
      process.stderr.write(
        `muster: ${defect instanceof Error ? (defect.stack ?? defect.message) : String(defect)}\n`,
      );
    },
  });
  if (started.ok) {
    const instance = started.value;
    return ok({ openUrl: instance.console.openUrl, dataFolder, instance });
  }
  const running = readInstances(instances).find((one) => one.dataFolder === dataFolder);
  if (started.error.code !== 'folderInUse' || running === undefined) return fail(started.error);
  return ok({ openUrl: `${running.url}#token=${running.token}`, dataFolder, instance: null });
}

function forkUtility(request: { readonly modulePath: string; readonly args: readonly string[] }) {
  return utilityProcess.fork(request.modulePath, [...request.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: 'Muster member',
  });
}

/** The shell is built into `dist/electron`, the programs and the console beside it. */
function besideTheShell(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
