/** What this member knows of its links: when it last heard from each peer, and the round trip. */
import type { MemberId } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Post } from './post.ts';

interface Link {
  heardMs: number | null;
  roundTripMs: number | null;
  /** There is evidence that its process ended, and nothing was heard since. */
  gone: boolean;
}

export interface LinkReport {
  readonly id: MemberId;
  readonly heardMsAgo: number | null;
  readonly roundTripMs: number | null;
}

export class Links {
  readonly #clock: Clock;
  readonly #post: Pick<Post, 'send'>;
  readonly #links = new Map<MemberId, Link>();

  constructor(options: {
    readonly clock: Clock;
    readonly post: Pick<Post, 'send'>;
  }) {
    this.#clock = options.clock;
    this.#post = options.post;
  }

  /** Whom there are links to from now on; what is known of the others is forgotten. */
  setPeers(peers: readonly MemberId[]): void {
    for (const known of this.#links.keys()) if (!peers.includes(known)) this.#links.delete(known);
    for (const peer of peers) {
      if (!this.#links.has(peer)) this.#links.set(peer, { heardMs: null, roundTripMs: null, gone: false });
    }
  }

  heard(from: MemberId): void {
    const link = this.#links.get(from);
    if (link === undefined) return;
    link.heardMs = this.#clock.monotonicMs();
    link.gone = false;
  }

  /** The transport has evidence that the peer's process ended. */
  gone(peer: MemberId): void {
    const link = this.#links.get(peer);
    if (link !== undefined) link.gone = true;
  }

  isGone(peer: MemberId): boolean {
    return this.#links.get(peer)?.gone ?? true;
  }

  /** Asks every peer for an echo. The token is the time of sending, in microseconds. */
  probe(): void {
    const token = Math.round(this.#clock.monotonicMs() * 1_000);
    for (const peer of this.#links.keys()) this.#post.send(peer, { kind: 'probe', token });
  }

  replied(from: MemberId, token: number): void {
    const link = this.#links.get(from);
    const roundTripMs = this.#clock.monotonicMs() - token / 1_000;
    if (link !== undefined && roundTripMs >= 0) link.roundTripMs = roundTripMs;
  }

  report(): readonly LinkReport[] {
    const nowMs = this.#clock.monotonicMs();
    return [...this.#links].map(([id, { heardMs, roundTripMs }]) => ({
      id,
      heardMsAgo: heardMs === null ? null : nowMs - heardMs,
      roundTripMs,
    }));
  }
}
