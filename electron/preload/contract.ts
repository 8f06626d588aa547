/**
 * What the page may ask of the desktop, and nothing else. Preload and main are both derived from
 * this file; the page itself must work without any of it, as it does in a browser.
 */
import type { Result } from '../../cluster/base/result.ts';

/** Every request with its input and output; an expected failure crosses as a sentence. */
export interface DesktopRequests {
  /** Shows the ensemble's data folder in the system's file manager. */
  readonly openDataFolder: { readonly in: null; readonly out: Result<null, string> };
  /** Shows a notification of the system. */
  readonly notify: { readonly in: Notice; readonly out: Result<null, string> };
}
export type DesktopRequestName = keyof DesktopRequests;

export interface Notice {
  readonly title: string;
  readonly body: string;
}

/** What the page finds as `window.musterDesktop`; a browser has no such thing. */
export type DesktopBridge = {
  readonly [Name in DesktopRequestName]: (
    input: DesktopRequests[Name]['in'],
  ) => Promise<DesktopRequests[Name]['out']>;
} & {
  readonly platform: string;
  readonly electronVersion: string;
};

export const bridgeName = 'musterDesktop';
/** The only IPC channel. A message on it is a name and an input. */
export const requestChannel = 'muster:request';
