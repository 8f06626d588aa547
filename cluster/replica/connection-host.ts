/** What a client's connection may use of its member. */
import type { SessionId } from '../base/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Trace } from '../ports/trace.ts';
import type { FourLetterWord } from '../zk/four-letter.ts';
import type { WatchEvent } from '../zk/records.ts';
import type { Store } from '../zk/store.ts';
import type { WatchTable } from '../zk/watch-table.ts';
import type { Barriers } from './barriers.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Forwarder } from './forwarder.ts';
import type { Vitals } from './vitals.ts';

export interface ConnectionHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly store: Store;
  readonly forwarder: Forwarder;
  readonly barriers: Barriers;
  readonly watches: WatchTable<Watcher>;
  /** False while this member has had no working leader for longer than the grace. */
  readonly serving: boolean;
  /** The text of a four-letter word. */
  fourLetterText(word: FourLetterWord): string;
  /** A session's client is on this connection from now on. */
  joined(session: SessionId, connection: ClientConnection): void;
  left(connection: ClientConnection): void;
  /** The session's client sent something. */
  heard(session: SessionId): void;
  readonly vitals: Vitals;
}

/** Who is told of watch events. */
export interface Watcher {
  notify(event: WatchEvent): void;
}
