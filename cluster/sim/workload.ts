/** What a simulated client asks for: appends that carry a serial, its own counter, reads of it, barriers. */
import { encodeUtf8 } from '../base/utf8.ts';
import { openAcl } from '../zk/acl.ts';
import type { ClientRequest } from '../zk/requests.ts';
import type { SeededRandom } from './random.ts';

/** Where all clients append; each child's data is one serial. */
export const appendedUnder = '/appended';

/** A request; one that appends has a serial of its own. */
export interface Work {
  readonly request: ClientRequest;
  readonly serial: string | null;
}

export class Workload {
  readonly #name: string;
  readonly #random: SeededRandom;
  #serials = 0;
  #ownWritten = 0;

  constructor(options: { readonly name: string; readonly random: SeededRandom }) {
    this.#name = options.name;
    this.#random = options.random;
  }

  /** Highest value this client has asked to write into its own znode. */
  get ownWritten(): number {
    return this.#ownWritten;
  }

  /** Creates what the rest needs; the client's own znode is the last. */
  preparations(): readonly Work[] {
    return [appendedUnder, `/${this.#name}`].map((path) => ({
      request: {
        kind: 'create',
        wantsStat: false,
        path,
        data: encodeUtf8('0'),
        acl: openAcl,
        mode: 'persistent',
      },
      serial: null,
    }));
  }

  draw(): Work {
    const kind = this.#random.below(10);
    if (kind < 5) return this.#append(kind < 2);
    if (kind < 7) {
      this.#ownWritten += 1;
      const data = encodeUtf8(String(this.#ownWritten));
      return { request: { kind: 'setData', path: `/${this.#name}`, data, version: -1 }, serial: null };
    }
    if (kind < 9)
      return { request: { kind: 'getData', path: `/${this.#name}`, watch: kind === 8 }, serial: null };
    return { request: { kind: 'sync', path: '/' }, serial: null };
  }

  #append(wantsStat: boolean): Work {
    this.#serials += 1;
    const serial = `${this.#name}-${this.#serials}`;
    return {
      request: {
        kind: 'create',
        wantsStat,
        path: `${appendedUnder}/${this.#name}-`,
        data: encodeUtf8(serial),
        acl: openAcl,
        mode: 'persistentSequential',
      },
      serial,
    };
  }
}
