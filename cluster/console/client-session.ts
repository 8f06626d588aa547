/** What a client that has shown the token can do: run commands and hold subscriptions, each bounded. */
import type { ApiError } from '../api/errors.ts';
import type { ClientMessage } from '../api/messages.ts';
import { unreachable } from '../base/assert.ts';
import { consoleCommandsMax, consoleSubscriptionsMax } from '../base/limits.ts';
import { fail } from '../base/result.ts';
import { execute } from './execute.ts';
import { apiFailure } from './failures.ts';
import { openFeed, type Sources } from './feeds.ts';
import type { Outbox } from './outbox.ts';
import { type FeedSink, openSubscription, type Subscription } from './subscription.ts';

type MessageOf<Kind extends ClientMessage['kind']> = Extract<ClientMessage, { readonly kind: Kind }>;

export interface ClientSession {
  handle(message: Exclude<ClientMessage, MessageOf<'authenticate'>>): void;
  /** The client has caught up with what was sent. */
  drained(): void;
  stop(): void;
}

export function createClientSession(options: {
  readonly sources: Sources;
  readonly outbox: Outbox;
  readonly onDefect: (defect: unknown) => void;
}): ClientSession {
  const { sources, outbox } = options;
  const subscriptions = new Map<number, Subscription>();
  const commandsUnderWay = new Set<number>();

  async function command({ id, name, input }: MessageOf<'command'>): Promise<void> {
    const refusal = refuse({ id, taken: commandsUnderWay, most: consoleCommandsMax, noun: 'command' });
    if (refusal !== null) {
      outbox.send({ kind: 'failure', id, error: refusal });
      return;
    }
    commandsUnderWay.add(id);
    const outcome = await execute({ name, input }, sources).catch((defect: unknown) => {
      options.onDefect(defect);
      return fail(apiFailure('internal', `${name} failed: ${String(defect)}`));
    });
    commandsUnderWay.delete(id);
    if (outcome.ok) outbox.send({ kind: 'result', id, output: outcome.value });
    else outbox.send({ kind: 'failure', id, error: outcome.error });
  }

  function subscribe({ id, view }: MessageOf<'subscribe'>): void {
    const refusal = refuse({ id, taken: subscriptions, most: consoleSubscriptionsMax, noun: 'subscription' });
    if (refusal !== null) {
      outbox.send({ kind: 'failure', id, error: refusal });
      return;
    }
    const open = (sink: FeedSink) => openFeed(view, { sources, sink });
    subscriptions.set(id, openSubscription(id, { outbox, openFeed: open }));
  }

  function unsubscribe({ id }: MessageOf<'unsubscribe'>): void {
    subscriptions.get(id)?.stop();
    subscriptions.delete(id);
  }

  return {
    handle(message) {
      switch (message.kind) {
        case 'command':
          void command(message);
          return;
        case 'subscribe':
          subscribe(message);
          return;
        case 'unsubscribe':
          unsubscribe(message);
          return;
        default:
          unreachable(message);
      }
    },
    drained() {
      for (const subscription of subscriptions.values()) subscription.drained();
    },
    stop() {
      for (const subscription of subscriptions.values()) subscription.stop();
      subscriptions.clear();
    },
  };
}

function refuse(request: {
  readonly id: number;
  readonly taken: { has(id: number): boolean; readonly size: number };
  readonly most: number;
  readonly noun: string;
}): ApiError | null {
  const { id, taken, most, noun } = request;
  if (taken.has(id)) return apiFailure('invalidMessage', `The ${noun} number ${id} is in use.`, { id });
  if (taken.size >= most) return apiFailure('tooMany', `${most} ${noun}s are open already.`, { most });
  return null;
}
