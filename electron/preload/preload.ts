/** Runs before the page, in its sandbox: hands it one function per request of the contract. */
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, requestChannel, requestNames } from './contract.ts';

const requests = Object.fromEntries(
  requestNames.map((name) => [
    name,
    (input: unknown): Promise<unknown> => ipcRenderer.invoke(requestChannel, name, input),
  ]),
);

contextBridge.exposeInMainWorld(bridgeName, {
  ...requests,
  platform: process.platform,
  electronVersion: process.versions['electron'] ?? '',
});
