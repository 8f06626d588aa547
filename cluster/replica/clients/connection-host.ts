/** What a client's connection may use of its member. */
import type { SessionId } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Trace } from '../../ports/trace.ts';
import type { ClientFacts, FourLetterWord } from '../../zk/four-letter.ts';
import type { WatchEvent } from '../../zk/records.ts';
import type { Store } from '../../zk/store.ts';
import type { WatchTable } from '../../zk/watch-table.ts';
import type { Forwarder } from '../forwarding/forwarder.ts';
import type { Vitals } from '../vitals.ts';
import type { Barriers } from './barriers.ts';

export interface ConnectionHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly store: Store;
  readonly forwarder: Forwarder;
  readonly barriers: Barriers;
  readonly watches: WatchTable<Watcher>;
  /** `linearizable`: a read waits for a leader's confirmation, as if a `sync` came before it. */
  readonly reads: 'local' | 'linearizable';
  /** False while this member has had no working leader for longer than the grace. */
  readonly serving: boolean;
  /** The text of a four-letter word. */
  fourLetterText(word: FourLetterWord): string;
  /** A session's client is on this connection from now on. */
  joined(session: SessionId, connection: SessionConnection): void;
  left(connection: SessionConnection): void;
  /** The session's client sent something. */
  heard(session: SessionId): void;
  readonly vitals: Vitals;
}

/** Who is told of watch events. */
export interface Watcher {
  notify(event: WatchEvent): void;
}

/** A client's connection as its member and its session's requests know it. */
export interface SessionConnection extends Watcher {
  /** The session whose client is here; 0 before the handshake is done. */
  readonly session: SessionId;
  /** False once the connection has ended: nobody waits for answers or events any more. */
  readonly isOpen: boolean;
  /** The session that the client is coming back to; 0 when it is not, or is back. */
  readonly returningTo: SessionId;
  /** True while the client has so much unread that answers wait. */
  readonly congested: boolean;
  /** Sends one whole packet. */
  send(packet: Uint8Array): void;
  /** Takes up requests that waited for room; harmless when none do. */
  resume(): void;
  /** The session was closed, expired or moved away. */
  sessionGone(): void;
  /** Closes the connection from this side, after what was sent. */
  end(): void;
  /** True when the handshake took too long at this monotonic time. */
  overdue(nowMs: number): boolean;
  facts(): ClientFacts;
}
