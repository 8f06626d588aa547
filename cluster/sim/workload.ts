/**
 * What a simulated client asks for: writes that carry a serial of their own, registers that all clients
 * fight over, reads with and without a barrier, watches, ephemeral znodes. The seed draws the mix.
 */
import { encodeUtf8 } from '../base/utf8.ts';
import type { Value } from '../check/history.ts';
import { openAcl } from '../zk/acl.ts';
import type { CreateMode } from '../zk/records.ts';
import type { ClientRequest, ReadRequest, TreeWrite } from '../zk/requests.ts';
import type { SeededRandom } from './random.ts';

/** Where all clients append; each child's data is one serial. */
export const appendedUnder = '/appended';
/** Where ephemeral znodes are. */
export const ephemeralUnder = '/ephemeral';

/** What a client wants to know of the answer. */
export type Aim =
  | { readonly kind: 'prepare' }
  /** These serials are there afterwards, all or none. */
  | { readonly kind: 'append'; readonly serials: readonly string[] }
  | { readonly kind: 'ephemeral' }
  /** An operation of the history. */
  | { readonly kind: 'register'; readonly f: string; readonly value: Value }
  /** A read behind a barrier: an operation of the history that begins with its `sync`. */
  | { readonly kind: 'fresh'; readonly f: string }
  | { readonly kind: 'barrier' }
  | { readonly kind: 'read' };

export interface Work {
  readonly request: ClientRequest;
  readonly aim: Aim;
}

/** Weights of what is asked for. */
export interface Mix {
  readonly append: number;
  readonly multi: number;
  readonly register: number;
  readonly freshRead: number;
  readonly read: number;
  readonly watch: number;
  readonly ephemeral: number;
}

export class Workload {
  readonly #name: string;
  readonly #random: SeededRandom;
  readonly #registerCount: number;
  readonly #dataBytesMax: number;
  readonly #deck: readonly (keyof Mix)[];
  /** Where the registers are that all clients read and write. */
  #registersUnder = '/registers-1';
  #beginnings = 1;
  #serials = 0;
  #ephemerals = 0;

  constructor(options: {
    readonly name: string;
    readonly random: SeededRandom;
    readonly mix: Mix;
    readonly registers: number;
    readonly dataBytesMax: number;
  }) {
    this.#name = options.name;
    this.#random = options.random;
    this.#dataBytesMax = options.dataBytesMax;
    this.#registerCount = options.registers;
    this.#deck = (Object.entries(options.mix) as [keyof Mix, number][]).flatMap(([kind, weight]) =>
      Array.from({ length: weight }, () => kind),
    );
  }

  /** Creates what the rest needs. */
  preparations(): readonly Work[] {
    return [appendedUnder, ephemeralUnder, this.#registersUnder].map((path) => ({
      request: create(path, '', 'persistent'),
      aim: { kind: 'prepare' },
    }));
  }

  /** From now on other registers: nobody knows what the present ones hold. */
  beginAgain(): void {
    this.#beginnings += 1;
    this.#registersUnder = `/registers-${this.#beginnings}`;
  }

  /** What to ask for next, to be sent in this order. */
  draw(): readonly Work[] {
    switch (this.#random.pick(this.#deck)) {
      case 'append':
        return [this.#append()];
      case 'multi':
        return [this.#multi()];
      case 'register':
        return [this.#writeRegister()];
      case 'freshRead':
        return this.#freshRead();
      case 'ephemeral':
        return [this.#ephemeral()];
      case 'watch':
        return [{ request: this.#localRead('yes'), aim: { kind: 'read' } }];
      case 'read':
        return [{ request: this.#localRead('no'), aim: { kind: 'read' } }];
    }
  }

  #append(): Work {
    const serial = this.#serial();
    const path = `${appendedUnder}/${this.#name}-`;
    return {
      request: create(path, serial, 'persistentSequential', this.#random.chance(0.5)),
      aim: { kind: 'append', serials: [serial] },
    };
  }

  #multi(): Work {
    const serials = [this.#serial(), this.#serial(), this.#serial()];
    const parts: TreeWrite[] = serials.map((serial) =>
      create(`${appendedUnder}/${this.#name}-`, serial, 'persistentSequential'),
    );
    // Now and then a part that fails, and takes the others with it.
    if (this.#random.chance(0.2)) parts.push({ kind: 'delete', path: '/absent', version: -1 });
    return { request: { kind: 'multi', parts }, aim: { kind: 'append', serials } };
  }

  #writeRegister(): Work {
    const path = this.#register();
    const version = this.#random.chance(0.5) ? -1 : this.#random.below(4);
    const kind = this.#random.below(10);
    if (kind < 3) {
      const data = this.#data();
      return {
        request: create(path, data, 'persistent', true),
        aim: { kind: 'register', f: 'create', value: { data } },
      };
    }
    if (kind < 5) {
      return {
        request: { kind: 'delete', path, version },
        aim: { kind: 'register', f: 'delete', value: { version } },
      };
    }
    const data = this.#data();
    return {
      request: { kind: 'setData', path, data: encodeUtf8(data), version },
      aim: { kind: 'register', f: 'setData', value: { data, version } },
    };
  }

  #freshRead(): readonly Work[] {
    const path = this.#register();
    const kind = this.#random.pick(['getData', 'exists'] as const);
    return [
      { request: { kind: 'sync', path }, aim: { kind: 'barrier' } },
      { request: { kind, path, watch: this.#random.chance(0.2) }, aim: { kind: 'fresh', f: kind } },
    ];
  }

  #localRead(watched: 'yes' | 'no'): ReadRequest {
    const watch = watched === 'yes';
    const path = this.#register();
    switch (this.#random.below(4)) {
      case 0:
        return { kind: 'exists', path, watch };
      case 1:
        return { kind: 'getChildren', path: this.#registersUnder, watch, withStat: false };
      default:
        return { kind: 'getData', path, watch };
    }
  }

  #ephemeral(): Work {
    this.#ephemerals += 1;
    const path = `${ephemeralUnder}/${this.#name}-${this.#ephemerals}`;
    return { request: create(path, '', 'ephemeral', true), aim: { kind: 'ephemeral' } };
  }

  #register(): string {
    return `${this.#registersUnder}/${1 + this.#random.below(this.#registerCount)}`;
  }

  #serial(): string {
    this.#serials += 1;
    return `${this.#name}-${this.#serials}`;
  }

  /** Unlike any other data, and now and then large. */
  #data(): string {
    const padding = this.#random.chance(0.1) ? this.#random.below(this.#dataBytesMax) : 0;
    return this.#serial().padEnd(padding, '.');
  }
}

function create(
  path: string,
  data: string,
  mode: CreateMode,
  wantsStat = false,
): Extract<TreeWrite, { readonly kind: 'create' }> {
  return { kind: 'create', wantsStat, path, data: encodeUtf8(data), acl: openAcl, mode };
}
