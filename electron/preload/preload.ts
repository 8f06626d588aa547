/** Runs before the page, in its sandbox: hands it one function per request of the contract. */
import { contextBridge, ipcRenderer } from 'electron';
import {
  bridgeName,
  type DesktopBridge,
  type DesktopRequestName,
  type DesktopRequests,
  requestChannel,
} from './contract.ts';

function ask<Name extends DesktopRequestName>(
  name: Name,
): (input: DesktopRequests[Name]['in']) => Promise<DesktopRequests[Name]['out']> {
  return (input) => ipcRenderer.invoke(requestChannel, name, input);
}

const bridge: DesktopBridge = {
  openDataFolder: ask('openDataFolder'),
  notify: ask('notify'),
  platform: process.platform,
  electronVersion: process.versions['electron'] ?? '',
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
