/** Entries for a store as a leader would propose them: one session writes. */

import type { Entry } from '../../base/entry.ts';
import { incarnation, logIndex, memberId, type SessionId, sessionId, term } from '../../base/ids.ts';
import { openAcl } from '../../zk/acl.ts';
import type { CommandBody } from '../../zk/command.ts';
import { encodeCommand, stampCommand } from '../../zk/command-codec.ts';
import type { TreeWrite } from '../../zk/requests.ts';
import type { Store } from '../../zk/store.ts';

/** The zxid of the first entry of term 1, which opens the session. */
const session: SessionId = sessionId(2 ** 32);
const origin = { member: memberId(1), incarnation: incarnation(0xabcdef), life: 1 };
const firstTimeMs = 1_790_000_000_000;

export class StoreFeed {
  readonly #store: Store;
  readonly #data: Uint8Array;
  #index = 0;

  constructor(store: Store, dataBytes: number) {
    this.#store = store;
    this.#data = new Uint8Array(dataBytes).fill(0x78);
    store.apply(this.#entry({ kind: 'createSession', timeoutMs: 30_000, password: new Uint8Array(16) }));
  }

  create(path: string): Entry {
    return this.#write({
      kind: 'create',
      wantsStat: false,
      path,
      data: this.#data,
      acl: openAcl,
      mode: 'persistent',
    });
  }

  set(path: string): Entry {
    return this.#write({ kind: 'setData', path, data: this.#data, version: -1 });
  }

  remove(path: string): Entry {
    return this.#write({ kind: 'delete', path, version: -1 });
  }

  /** Applies them in order; a refused one would make the measurement worthless. */
  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const answer = this.#store.apply(entry).command?.answer;
      if (answer === undefined || answer.kind === 'error') throw new Error(`not applied: ${answer?.error}`);
    }
  }

  #write(request: TreeWrite): Entry {
    return this.#entry({ kind: 'write', session, auth: [], request });
  }

  #entry(body: CommandBody): Entry {
    this.#index += 1;
    const encoded = encodeCommand({ origin, sequence: this.#index, body });
    const payload = stampCommand(firstTimeMs + this.#index, encoded);
    return { index: logIndex(this.#index), term: term(1), kind: 'command', payload };
  }
}
