/** Answers the page's requests: who asks is checked first, then what is asked. */
import { z } from 'zod';
import { fail, type Result } from '../../cluster/base/result.ts';
import type { DesktopRequestName, DesktopRequests } from '../preload/contract.ts';
import { isConsoleAddress } from './addresses.ts';

/** What carries the requests out. */
export type DesktopServices = {
  readonly [Name in DesktopRequestName]: (
    input: DesktopRequests[Name]['in'],
  ) => Promise<DesktopRequests[Name]['out']>;
};

/** An unchecked message, with what Electron knows of its sender. */
export interface Asked {
  /** Address of the frame that sent it; null when the frame is gone. */
  readonly senderAddress: string | null;
  readonly fromMainFrame: boolean;
  readonly name: unknown;
  readonly input: unknown;
}

const inputs: { readonly [Name in DesktopRequestName]: z.ZodType<DesktopRequests[Name]['in']> } = {
  openDataFolder: z.null(),
  notify: z.strictObject({ title: z.string().min(1).max(100), body: z.string().max(500) }),
};

/** Makes the one listener of the channel. It never throws: a refusal is a failure in words. */
export function createRequestListener(options: {
  readonly consoleAddress: string;
  readonly services: DesktopServices;
}): (asked: Asked) => Promise<Result<null, string>> {
  return async (asked) => {
    if (!isTrusted(asked, options.consoleAddress)) return fail('This page may not ask anything.');
    const { name, input } = asked;
    if (!isName(name)) return fail('There is no such request.');
    return answer(name, { input, services: options.services });
  };
}

function isTrusted({ senderAddress, fromMainFrame }: Asked, consoleAddress: string): boolean {
  return fromMainFrame && senderAddress !== null && isConsoleAddress(senderAddress, consoleAddress);
}

function isName(name: unknown): name is DesktopRequestName {
  return typeof name === 'string' && Object.hasOwn(inputs, name);
}

async function answer<Name extends DesktopRequestName>(
  name: Name,
  { input, services }: { readonly input: unknown; readonly services: DesktopServices },
): Promise<DesktopRequests[Name]['out']> {
  const parsed = inputs[name].safeParse(input);
  return parsed.success ? services[name](parsed.data) : fail(z.prettifyError(parsed.error));
}
