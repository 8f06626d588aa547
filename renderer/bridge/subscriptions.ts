/** The live views that are followed: started anew on each socket, and whenever a message went missing. */
import type { ClientMessage } from '../../cluster/api/messages.ts';
import type { View, ViewDelta, ViewSnapshot } from '../../cluster/api/views.ts';
import type { Stop } from '../../cluster/base/scope.ts';
import type { Failure } from '../store/failure.ts';

export type ViewUpdate =
  | { readonly kind: 'snapshot'; readonly content: ViewSnapshot }
  | { readonly kind: 'delta'; readonly content: ViewDelta }
  | { readonly kind: 'trouble'; readonly failure: Failure };

interface Subscription {
  readonly view: () => View;
  readonly listener: (update: ViewUpdate) => void;
  /** Its number on the current socket; null while it has none. */
  id: number | null;
  /** Of the last message; null before the first. */
  revision: number | null;
}

/** The socket as subscriptions see it. */
export interface SubscriptionWire {
  readonly takeId: () => number;
  /** Null while the server has not welcomed this client. */
  readonly send: () => ((message: ClientMessage) => void) | null;
}

export class Subscriptions {
  readonly #wire: SubscriptionWire;
  readonly #all = new Set<Subscription>();

  constructor(wire: SubscriptionWire) {
    this.#wire = wire;
  }

  /** Follows a view until stopped; `view` is asked anew on each socket, to resume where it was. */
  add(view: () => View, listener: (update: ViewUpdate) => void): Stop {
    const subscription: Subscription = { view, listener, id: null, revision: null };
    this.#all.add(subscription);
    this.#start(subscription);
    return () => {
      this.#stop(subscription);
      this.#all.delete(subscription);
    };
  }

  /** A new socket is ready. */
  startAll(): void {
    for (const subscription of this.#all) this.#start(subscription);
  }

  /** The socket is gone, and every number with it. */
  forgetSocket(): void {
    for (const subscription of this.#all) subscription.id = null;
  }

  /** A message of a subscription; null when it has no news of its own. A gap in the revisions restarts it. */
  update(
    message: { readonly subscription: number; readonly revision: number },
    news: ViewUpdate | null,
  ): void {
    const subscription = this.#withId(message.subscription);
    if (subscription === null) return;
    const { revision } = subscription;
    subscription.revision = message.revision;
    if (revision !== null && message.revision !== revision + 1) {
      this.#stop(subscription);
      this.#start(subscription);
    } else if (news !== null) subscription.listener(news);
  }

  /** The server refused a request; if it was a subscription, its listener is told. */
  refused(id: number, failure: Failure): void {
    this.#withId(id)?.listener({ kind: 'trouble', failure });
  }

  #withId(id: number): Subscription | null {
    for (const subscription of this.#all) if (subscription.id === id) return subscription;
    return null;
  }

  #start(subscription: Subscription): void {
    const send = this.#wire.send();
    if (send === null) return;
    subscription.id = this.#wire.takeId();
    subscription.revision = null;
    send({ kind: 'subscribe', id: subscription.id, view: subscription.view() });
  }

  #stop(subscription: Subscription): void {
    if (subscription.id !== null) this.#wire.send()?.({ kind: 'unsubscribe', id: subscription.id });
    subscription.id = null;
  }
}
