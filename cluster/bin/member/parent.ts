/**
 * The member's end of the channel to its supervisor: `process.send` under `child_process.fork`, the
 * parent port under Electron's `utilityProcess`.
 */
import type { MemberMessage, SupervisorMessage } from '../../supervisor/member-messages.ts';
import { parseSupervisorMessage } from '../../supervisor/member-messages.ts';

export interface Parent {
  /** Settles when the message has left this process, or when there is nobody to take it. */
  send(message: MemberMessage): Promise<void>;
}

export interface ParentListener {
  message(message: SupervisorMessage): void;
  /** A message outside the protocol; the text says what is wrong with it. */
  notUnderstood(problem: string): void;
  /** The supervisor is gone. */
  gone(): void;
}

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** Starts listening. Null when no supervisor started this process. */
export function connectParent(listener: ParentListener): Parent | null {
  const take = (value: unknown) => {
    const parsed = parseSupervisorMessage(value);
    if (parsed.ok) listener.message(parsed.value);
    else listener.notUnderstood(parsed.error);
  };
  const port = (process as { readonly parentPort?: ParentPort | null }).parentPort ?? null;
  if (port !== null) {
    // Electron ends a utility process when its parent goes: there is no event to wait for.
    port.on('message', (event) => take(event.data));
    return {
      send: (message) => {
        port.postMessage(message);
        return Promise.resolve();
      },
    };
  }
  if (process.send === undefined) return null;
  process.on('message', take);
  process.on('disconnect', listener.gone);
  return { send: sendToParent };
}

function sendToParent(message: MemberMessage): Promise<void> {
  return new Promise((settle) => {
    if (!process.connected || process.send === undefined) settle();
    // A failure means that the supervisor has just gone; `disconnect` follows.
    else process.send(message, undefined, undefined, () => settle());
  });
}
