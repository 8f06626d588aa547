/** Whatever is applied while an image is written: it is that of the moment it began. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { digestIdentity } from './digest-auth.ts';
import type { AuthId } from './records.ts';
import { createStore, type Store } from './store.ts';
import type { StoreImage } from './store-image.ts';
import { chunksOf, everythingOf, load } from './testing/image.ts';
import { originOne, originTwo, TestLog } from './testing/log.ts';
import { credentials, type Pick, pickMulti, pickWrite } from './testing/requests.ts';

const runs = { numRuns: 150 };
const stepCount = 60;
const origins = [originOne, originTwo];
const identities = credentials.map((credential) => digestIdentity(encodeUtf8(credential)));
const authChoices: readonly (readonly AuthId[])[] = [[], identities.slice(0, 1), identities];
const seat = { id: originOne.member, incarnation: originOne.incarnation };
const alone = { voters: [seat], outgoing: [], learners: [], removed: [] };
const nowhere = { kind: 'check', path: '/nowhere', version: -1 } as const;

/** A log that grows at random. */
class Play {
  readonly log = new TestLog();
  readonly #pick: Pick;
  readonly #sessions: SessionId[] = [];

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  /** Applies one random entry. */
  step(): void {
    const pick = this.#pick;
    const session = this.#sessions.length === 0 ? null : pick(this.#sessions);
    const kind = pick([
      'write',
      'write',
      'write',
      'write',
      'write',
      'undone',
      'open',
      'close',
      'rare',
    ] as const);
    if (session === null || kind === 'open') {
      this.#sessions.push(this.log.openSession(pick(origins)));
    } else if (kind === 'rare') {
      this.#rare(session);
    } else if (kind === 'close') {
      this.log.command({ kind: 'closeSession', session }, this.#ownerOf(session));
    } else {
      const request = kind === 'write' ? pickWrite(pick) : this.#undone();
      const auth = pick(authChoices);
      this.log.command({ kind: 'write', session, auth, request }, this.#ownerOf(session));
    }
  }

  #rare(session: SessionId): void {
    const password = encodeUtf8('sesame');
    switch (this.#pick(['term', 'skip', 'attach', 'changed', 'recovered'] as const)) {
      case 'term':
        this.log.newTerm();
        return;
      case 'skip':
        this.log.skip();
        return;
      case 'attach':
        this.log.command({ kind: 'attachSession', session, password, timeoutMs: 9_000 }, this.#pick(origins));
        return;
      case 'changed':
        this.log.membership({ membership: alone, cause: 'changed' });
        return;
      case 'recovered':
        this.log.membership({ membership: alone, cause: 'recovered' });
    }
  }

  /** Changes much and takes everything back. */
  #undone(): ReturnType<typeof pickMulti> {
    const multi = pickMulti(this.#pick);
    return { kind: 'multi', parts: [...(multi.kind === 'multi' ? multi.parts : []), nowhere] };
  }

  #ownerOf(session: SessionId): typeof originOne {
    const { incarnation } = this.log.store.session(session)?.owner ?? originOne;
    return incarnation === originOne.incarnation ? originOne : originTwo;
  }
}

/** An image under way, with what it should show. */
interface Under {
  readonly image: StoreImage;
  readonly begunAt: number;
  readonly chunks: Uint8Array[];
}

describe('an image', () => {
  it('loads to the state it began with, and the rest of the log leads from there to the live one', () => {
    forEvery((pick) => {
      const play = new Play(pick);
      const { log } = play;
      for (let count = pick([0, 10, 40]); count > 0; count -= 1) play.step();
      let under = begin(log);
      for (let count = 0; count < stepCount; count += 1) {
        const move = pick(['apply', 'apply', 'next', 'next', 'abandon'] as const);
        if (move === 'apply') play.step();
        else if (move === 'next') goOn(under, pick([1, 1, 2, 5]));
        else if (pick([1, 2, 3, 4]) === 1) {
          under.image.abandon();
          under = begin(log);
        }
      }
      const bytes = [...under.chunks, ...chunksOf(under.image)];
      const loaded = load(...bytes);
      expect(everythingOf(loaded, origins)).toEqual(everythingOf(replay(log, under.begunAt), origins));
      expect(loaded.digest()).toBe(under.image.digest);
      for (const entry of log.entries.slice(under.begunAt)) loaded.apply(entry);
      expect(everythingOf(loaded, origins)).toEqual(everythingOf(log.store, origins));
    });
  });

  it('of what was loaded from an image is the same again', () => {
    forEvery((pick) => {
      const play = new Play(pick);
      for (let count = 0; count < stepCount; count += 1) play.step();
      const loaded = load(...chunksOf(play.log.store.beginImage()));
      expect(everythingOf(load(...chunksOf(loaded.beginImage())), origins)).toEqual(
        everythingOf(play.log.store, origins),
      );
    });
  });
});

function begin({ store }: TestLog): Under {
  return { image: store.beginImage(), begunAt: store.appliedIndex, chunks: [] };
}

function goOn({ image, chunks }: Under, znodesMax: number): void {
  const chunk = image.next(znodesMax);
  if (chunk !== null) chunks.push(chunk);
}

/** The dumb way to the same state. */
function replay({ entries }: TestLog, upTo: number): Store {
  const store = createStore();
  for (const entry of entries.slice(0, upTo)) store.apply(entry);
  return store;
}

function forEvery(check: (pick: Pick) => void): void {
  const property = fc.property(fc.gen(), (gen) => check((items) => gen(fc.constantFrom, ...items) as never));
  fc.assert(property, runs);
}
