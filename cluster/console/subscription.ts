/**
 * One live view of one client. Its feed sends into it; while the client is slow it holds deltas back,
 * marks the gap once, and asks the feed for a snapshot when the client has caught up.
 */
import type { ApiError } from '../api/errors.ts';
import type { ServerMessage } from '../api/messages.ts';
import type { ViewDelta, ViewSnapshot } from '../api/views.ts';
import type { Stop } from '../base/scope.ts';
import type { Outbox } from './outbox.ts';

/** Where a feed sends what it has. False: not taken, the client is behind; `resync` will be called. */
export interface FeedSink {
  snapshot(content: ViewSnapshot): boolean;
  delta(content: ViewDelta): boolean;
  trouble(error: ApiError): boolean;
}

/** A live source of one view. It sends its first snapshot by itself, as soon as it has one. */
export interface Feed {
  /** Sends a snapshot again: deltas were dropped. */
  resync(): void;
  readonly stop: Stop;
}

export interface Subscription {
  /** The client has caught up: after a gap, the view is sent anew. */
  drained(): void;
  readonly stop: Stop;
}

/** Opens a feed whose messages go to `outbox` under the number `id`. */
export function openSubscription(
  id: number,
  options: { readonly outbox: Outbox; readonly openFeed: (sink: FeedSink) => Feed },
): Subscription {
  const { outbox, openFeed } = options;
  let revision = 0;
  let behind = false;
  let stopped = false;

  function send(message: SubscriptionMessage): boolean {
    if (stopped || behind) return false;
    revision += 1;
    behind = outbox.full();
    const place = { subscription: id, revision };
    outbox.send(behind ? { kind: 'gap', ...place } : { ...message, ...place });
    return !behind;
  }

  const feed = openFeed({
    snapshot: (content) => send({ kind: 'snapshot', content }),
    delta: (content) => send({ kind: 'delta', content }),
    trouble: (error) => send({ kind: 'trouble', error }),
  });
  return {
    drained() {
      if (!behind) return;
      behind = false;
      feed.resync();
    },
    stop() {
      stopped = true;
      feed.stop();
    },
  };
}

type Unnumbered<Message> = Message extends { readonly subscription: number }
  ? Omit<Message, 'subscription' | 'revision'>
  : never;
type SubscriptionMessage = Exclude<Unnumbered<ServerMessage>, { readonly kind: 'gap' }>;
